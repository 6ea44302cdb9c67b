"""Nothing of the user's reaches a process of the sandbox."""

import pytest

from sandbox.environment import MARKER, for_engine, isolated
from sandbox.layout import Layout

USERS_OWN = {
    "AWS_PROFILE": "production",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_ENDPOINT_URL": "https://example.com",
    "AWS_REGION": "us-east-1",
    "KUBECONFIG": "/home/me/.kube/config",
    "PULUMI_ACCESS_TOKEN": "pul-real",
    "PULUMI_CONFIG_PASSPHRASE": "mine",
    "TF_VAR_region": "us-east-1",
    "MLOPS_SANDBOX": "/elsewhere/target.json",
}


@pytest.mark.parametrize("of", [isolated, for_engine])
def test_no_value_of_the_users_gets_in(of: object, layout: Layout) -> None:
    assert callable(of)
    environment = of(layout, {**USERS_OWN, "PATH": "/usr/bin", "LANG": "C.UTF-8"})
    assert not set(USERS_OWN.values()) & set(environment.values())
    assert environment["LANG"] == "C.UTF-8"
    assert environment["PATH"] == "/usr/bin"


def test_aws_clients_find_neither_account_nor_profile(layout: Layout) -> None:
    environment = isolated(layout, USERS_OWN)
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    for variable in ("HOME", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert environment[variable].startswith(str(layout.root))


def test_servers_on_this_machine_are_not_asked_through_a_proxy(layout: Layout) -> None:
    environment = isolated(layout, {"HTTPS_PROXY": "http://proxy:3128"})
    assert environment["HTTPS_PROXY"] == "http://proxy:3128"
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_every_child_carries_the_marker(layout: Layout) -> None:
    assert isolated(layout, {})[MARKER] == str(layout.root)
    assert for_engine(layout, {})[MARKER] == str(layout.root)


def test_the_engine_keeps_its_state_in_the_sandbox(layout: Layout) -> None:
    environment = for_engine(layout, USERS_OWN)
    assert environment["PULUMI_BACKEND_URL"] == f"file://{layout.state}"
    assert environment["PULUMI_HOME"].startswith(str(layout.root))
    assert environment["MLOPS_SANDBOX"] == str(layout.target)
