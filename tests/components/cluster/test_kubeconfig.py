"""The kubeconfig: what it says, and that a client can use it."""

import json
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from kubernetes import config

from mlops.cluster.kubeconfig import kubeconfig
from tests.conftest import Deploy

ROLE = "arn:aws:iam::123456789012:role/mlops/administrator"


def written(deploy: Deploy, role_arn: str | None = ROLE) -> dict[str, Any]:
    def program() -> None:
        pulumi.export(
            "kubeconfig",
            kubeconfig(
                cluster_name="fraud-dev",
                region="eu-west-1",
                endpoint="https://example.eks.amazonaws.com",
                certificate_authority="LS0tLS1CRUdJTg==",
                role_arn=role_arn,
            ),
        )

    document: dict[str, Any] = json.loads(deploy(program).outputs["kubeconfig"])
    return document


def test_it_fetches_tokens_as_the_given_role_and_holds_none(deploy: Deploy) -> None:
    user = written(deploy)["users"][0]["user"]
    assert set(user) == {"exec"}, "no token, no certificate, no password"
    assert user["exec"]["command"] == "aws"
    arguments = user["exec"]["args"]
    assert arguments[arguments.index("--role-arn") + 1] == ROLE
    assert arguments[arguments.index("--cluster-name") + 1] == "fraud-dev"
    assert arguments[arguments.index("--region") + 1] == "eu-west-1"
    assert user["exec"]["apiVersion"] == "client.authentication.k8s.io/v1beta1"


def test_without_a_role_it_is_whoever_calls(deploy: Deploy) -> None:
    arguments = written(deploy, None)["users"][0]["user"]["exec"]["args"]
    assert "get-token" in arguments
    assert "--role-arn" not in arguments


def test_a_client_loads_it_and_sends_the_token_it_was_given(
    deploy: Deploy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = written(deploy)
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

    client = config.new_client_from_config_dict(document)

    assert client.configuration.host == "https://example.eks.amazonaws.com"
    assert client.configuration.get_api_key_with_prefix("authorization") == (
        "Bearer fetched-just-now"
    )
    assert json.loads(calls.read_text()) == document["users"][0]["user"]["exec"]["args"]
