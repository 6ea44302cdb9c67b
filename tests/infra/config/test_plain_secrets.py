"""Secrets are found wherever they stand, are never quoted, and nothing else is taken for one."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.config import files
from infra.config.document import ENVIRONMENT_KEY, Document, KeyPath, from_file
from infra.config.findings import ConfigError
from infra.config.load import load
from infra.config.plain_secrets import KINDS, plain_secrets

CASES = Path(__file__).parent / "cases"
RIGHT_FILES = [*files.stack_files(), *sorted(CASES.glob("*.happy.yaml"))]
EVERY_KEY = from_file(CASES / "every_key.happy.yaml", "stacks/every_key.yaml")

SECRETS = {
    "an AWS access key": "AKIAIOSFODNN7EXAMPLE",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n",
    "a GitHub token": "github_pat_0123456789abcdefghijkl",
    "a GitLab token": "glpat-0123456789abcdefghij",
    "a Slack token": "xoxb-0123456789-abcdef",
    "a Hugging Face token": "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
    "a Pulumi access token": "pul-0123456789abcdef0123456789abcdef01234567",
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmcmF1ZCJ9.c2lnbmF0dXJl",
    "a password": "host=db password = hunter2",
    "a URL with a password": "postgresql://fraud:hunter2@db.example.com/fraud",
}
ARN = r"arn:aws:(iam|kms|secretsmanager):[a-z]{2}-west-[1-3]:\d{12}:(role|key|secret:)[\w/-]{1,60}"
NO_SECRETS = "|".join(
    [
        r"[a-z](-?[a-z0-9]){1,19}",
        r"[A-Za-z0-9-]{1,39}/[\w.-]{1,60}",
        r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}",
        r"10\.\d{1,3}\.0\.0/16",
        r"db\.[a-z]\dg\.(small|large|2xlarge)",
        r"\d{1,20}",
        ARN,
    ]
)


def leaves(values: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in values.items() if isinstance(values, dict) else enumerate(values):
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, str(key)))
        else:
            yield (*path, str(key))


def with_value(path: KeyPath, value: Any) -> Document:
    """Return a file with every key, of which one has another value."""
    config = copy.deepcopy(EVERY_KEY.config)
    block: Any = config
    *around, last = (int(name) if name.isdigit() else name for name in path)
    for name in around:
        block = block[name]
    block[last] = value
    return Document("stacks/Pulumi.fraud-prod.yaml", config)


KEYS = st.sampled_from(sorted(leaves(EVERY_KEY.config)))


def test_no_kind_is_forgotten_here() -> None:
    assert set(SECRETS) == set(KINDS)


@pytest.mark.parametrize(("kind", "secret"), SECRETS.items())
def test_every_kind_is_found_inside_a_text(kind: str, secret: str) -> None:
    ((path, sentence),) = plain_secrets({"tags": {"note": f"see {secret}"}})
    assert path == ("tags", "note")
    assert sentence.startswith(f"holds {kind}; revoke it")


@given(KEYS, st.sampled_from(sorted(SECRETS.values())))
def test_a_secret_is_refused_at_any_key_and_never_quoted(path: KeyPath, secret: str) -> None:
    with pytest.raises(ConfigError, match="revoke it") as error:
        load("fraud-prod", with_value(path, secret))
    assert secret[:20] not in str(error.value)
    assert "hunter2" not in str(error.value)


@given(KEYS)
def test_an_encrypted_value_is_refused_at_any_key(path: KeyPath) -> None:
    with pytest.raises(ConfigError, match=r"is encrypted by Pulumi \(secure:\)") as error:
        load("fraud-prod", with_value(path, {"secure": "v1:hush"}))
    assert "hush" not in str(error.value)


def test_a_secret_of_the_organisation_is_told_in_its_file() -> None:
    everywhere = Document(
        "stacks/defaults.yaml",
        {ENVIRONMENT_KEY: {"tags": {"ci": SECRETS["a GitLab token"]}}},
        {(ENVIRONMENT_KEY, "tags"): 3},
    )
    with pytest.raises(ConfigError) as error:
        load("fraud-prod", EVERY_KEY, everywhere)
    (finding,) = error.value.findings
    assert (finding.label, finding.line, finding.key) == ("stacks/defaults.yaml", 3, "tags.ci")


@pytest.mark.parametrize("file", RIGHT_FILES, ids=lambda file: file.stem)
def test_nothing_in_a_right_file_is_taken_for_a_secret(file: Path) -> None:
    config = from_file(file, file.name).config
    assert config
    assert list(plain_secrets(config)) == []


@given(
    st.dictionaries(
        st.sampled_from(["email", "data-class", "arn"]),
        st.from_regex(re.compile(NO_SECRETS, re.ASCII), fullmatch=True),
    )
)
def test_ordinary_values_are_not_taken_for_secrets(values: dict[str, str]) -> None:
    assert list(plain_secrets(values)) == []


@given(st.from_regex(re.compile(ARN, re.ASCII), fullmatch=True))
def test_the_arn_of_a_secret_is_none(arn: str) -> None:
    assert list(plain_secrets({"password_secret_arn": arn})) == []


@pytest.mark.parametrize("value", ["quarterly", "security team", "corp-standard-2024", "", "none"])
def test_words_are_none_even_under_the_name_of_a_secret(value: str) -> None:
    assert list(plain_secrets({"token-policy": value})) == []


@pytest.mark.parametrize("value", ["wJalrXUtnFEMI7K7MDENGbPxRfiCY", "x7K!9fLm2Tz#aa91"])
def test_what_looks_random_is_one_under_the_name_of_a_secret_only(value: str) -> None:
    assert list(plain_secrets({"commit": value})) == []
    ((_, sentence),) = plain_secrets({"db-password": value})
    assert sentence.startswith("holds what looks like a password or a token; revoke it")
