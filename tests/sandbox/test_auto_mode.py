"""The kinds of Auto Mode that the sandbox's API server is given."""

import pytest

from sandbox import auto_mode
from sandbox.errors import SandboxError
from sandbox.layout import Layout


def test_they_are_those_that_node_pools_are_made_of() -> None:
    kinds = {
        (definition["spec"]["group"], version["name"], definition["spec"]["names"]["kind"])
        for definition in auto_mode.definitions()
        for version in definition["spec"]["versions"]
    }
    assert kinds == {("karpenter.sh", "v1", "NodePool"), ("eks.amazonaws.com", "v1", "NodeClass")}


def test_every_field_has_a_type_so_that_nothing_passes_unseen() -> None:
    for definition in auto_mode.definitions():
        [version] = definition["spec"]["versions"]
        spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
        assert "x-kubernetes-preserve-unknown-fields" not in str(spec)


def test_a_server_that_does_not_answer_is_one_clear_message(layout: Layout) -> None:
    layout.kubeconfig.write_text("apiVersion: v1\nkind: Config\n")
    with pytest.raises(SandboxError, match="node pools of Auto Mode cannot be defined"):
        auto_mode.install(layout.kubeconfig)
