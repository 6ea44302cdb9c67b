"""The kubeconfig: what it says, and that a client can use it."""

import json
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from kubernetes import config

from mlops.cluster.kubeconfig import ROLE_VARIABLE, kubeconfig
from tests.conftest import Deploy

ROLE = "arn:aws:iam::123456789012:role/mlops/administrator"
OTHER = "arn:aws:iam::123456789012:role/mlops/other"


def written(deploy: Deploy) -> dict[str, Any]:
    def program() -> None:
        pulumi.export(
            "kubeconfig",
            kubeconfig(
                cluster_name="fraud-dev",
                region="eu-west-1",
                endpoint="https://example.eks.amazonaws.com",
                certificate_authority="LS0tLS1CRUdJTg==",
                role_arn=ROLE,
            ),
        )

    document: dict[str, Any] = json.loads(deploy(program).outputs["kubeconfig"])
    return document


@pytest.fixture
def asked_of_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program in the place of `aws`; return the file in which it keeps its arguments."""
    calls = tmp_path / "calls"
    program = tmp_path / "aws"
    program.write_text(
        f"""#!{sys.executable}
import json, pathlib, sys
pathlib.Path({str(calls)!r}).write_text(json.dumps(sys.argv[1:]))
print(json.dumps({{
    "kind": "ExecCredential",
    "apiVersion": "client.authentication.k8s.io/v1beta1",
    "status": {{"token": "fetched-just-now"}},
}}))
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return calls


def test_it_holds_no_credential(deploy: Deploy) -> None:
    user = written(deploy)["users"][0]["user"]
    assert set(user) == {"exec"}, "no token, no certificate, no password"
    assert user["exec"]["apiVersion"] == "client.authentication.k8s.io/v1beta1"


def test_a_client_loads_it_and_sends_the_token_it_was_given(
    deploy: Deploy, asked_of_aws: Path
) -> None:
    client = config.new_client_from_config_dict(written(deploy))
    assert client.configuration.host == "https://example.eks.amazonaws.com"
    assert client.configuration.get_api_key_with_prefix("authorization") == (
        "Bearer fetched-just-now"
    )
    arguments = json.loads(asked_of_aws.read_text())
    assert arguments[:4] == ["--region", "eu-west-1", "eks", "get-token"]
    assert arguments[arguments.index("--cluster-name") + 1] == "fraud-dev"


@pytest.mark.parametrize(
    ("variable", "taken"),
    [
        (None, ["--role-arn", ROLE]),
        ("", []),
        (OTHER, ["--role-arn", OTHER]),
    ],
    ids=["the administrator's", "none", "another one"],
)
def test_the_callers_environment_says_which_role_is_taken(
    deploy: Deploy,
    asked_of_aws: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    taken: list[str],
) -> None:
    monkeypatch.delenv(ROLE_VARIABLE, raising=False)
    if variable is not None:
        monkeypatch.setenv(ROLE_VARIABLE, variable)
    config.new_client_from_config_dict(written(deploy))
    arguments = json.loads(asked_of_aws.read_text())
    assert arguments[arguments.index("json") + 1 :] == taken
