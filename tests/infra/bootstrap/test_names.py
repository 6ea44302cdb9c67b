"""Names: what S3 takes, and what the components expect to find."""

import pytest

from infra.bootstrap import names
from mlops.access import github_trust, trust


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acme-state", True),
        ("0state", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("ab", False),
        ("Acme-state", False),
        ("acme.state", False),
        ("acme_state", False),
        ("-state", False),
        ("state-", False),
        ("xn--state", False),
        ("state-s3alias", False),
        ("state--x-s3", False),
        ("state\n", False),
        ("", False),
    ],
)
def test_names_of_buckets(name: str, expected: bool) -> None:
    assert names.is_bucket_name(name) is expected


def test_the_default_name_is_one_in_the_longest_region() -> None:
    assert names.is_bucket_name(names.default_bucket("123456789012", "ap-southeast-1"))


def test_the_components_mean_the_same() -> None:
    assert names.ROLE_PATH == trust.DEFAULT_ROLE_PATH
    assert names.GITHUB_ISSUER == github_trust.ISSUER
    assert names.GITHUB_AUDIENCE == github_trust.AUDIENCE
