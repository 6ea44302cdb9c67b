"""Nothing changes unless somebody changes something; and no secret stands in the state."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.sandboxes import STACK, SandboxUnderTest, outputs_of

pytestmark = pytest.mark.engine

SECOND_UP_SECONDS = 60
"""On a machine with nothing else to do."""


def test_a_second_up_changes_nothing(
    environment: SandboxUnderTest, up_result: dict[str, Any]
) -> None:
    second = environment.up("--expect-no-changes")
    assert second["changes"] == {"same": up_result["changes"]["create"]}
    assert second["outputs"] == up_result["outputs"]
    sharers = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert second["seconds"] < SECOND_UP_SECONDS * sharers


def test_a_plugin_put_on_path_meanwhile_does_not_take_over(
    environment: SandboxUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aws", "kubernetes"):
        plugin = tmp_path / f"pulumi-resource-{name}"
        plugin.write_text("#!/bin/sh\nexit 1\n")
        plugin.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    done = environment.command("up", STACK, "--expect-no-changes")
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stderr.count("as in this sandbox's first run") == 2


def test_a_preview_finds_nothing_to_do(environment: SandboxUnderTest) -> None:
    done = environment.pulumi("preview", "--expect-no-changes")
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_refresh_finds_what_the_state_says(environment: SandboxUnderTest) -> None:
    done = environment.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_change_from_outside_is_found(environment: SandboxUnderTest) -> None:
    """Without this, the two tests above could not fail."""
    core = environment.core()
    [quota] = core.list_namespaced_resource_quota(STACK).items
    pods = quota.spec.hard["pods"]
    core.patch_namespaced_resource_quota(
        quota.metadata.name, STACK, {"spec": {"hard": {"pods": "999"}}}
    )
    assert environment.pulumi("refresh", "--preview-only", "--expect-no-changes").returncode != 0
    core.patch_namespaced_resource_quota(
        quota.metadata.name, STACK, {"spec": {"hard": {"pods": pods}}}
    )
    assert environment.pulumi("refresh", "--preview-only", "--expect-no-changes").returncode == 0


def test_the_command_line_shows_what_the_user_needs(environment: SandboxUnderTest) -> None:
    done = environment.command("up", STACK)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "kubeconfig" in done.stdout
    assert "[secret]" in done.stdout
    assert "1. " in done.stdout
    assert f"{STACK} is up" in done.stderr


def test_outputs_tell_how_to_go_on(up_result: dict[str, Any]) -> None:
    outputs = up_result["outputs"]
    assert outputs["kubeconfig"] == "[secret]"
    assert outputs["namespace"] == STACK
    assert outputs["mlflowTrackingUri"].startswith("http://mlflow.")
    assert outputs["nextSteps"]
    for name in (
        "artifactBucket",
        "registryDatabaseEndpoint",
        "registrySecretArn",
        "clusterName",
        "prometheusEndpoint",
        "alertsTopicArn",
    ):
        assert outputs[name], name


def test_no_secret_stands_in_the_state(
    environment: SandboxUnderTest, resources: list[dict[str, Any]]
) -> None:
    kubeconfig = yaml.safe_load(environment.layout.kubeconfig.read_text())
    [administrator] = kubeconfig["users"]
    way_in = administrator["user"]["client-key"]
    assert way_in not in environment.exported()
    # Whoever has the passphrase gets the kubeconfig: it is there, but encrypted.
    assert way_in in environment.exported("--show-secrets")
    assert not outputs_of(resources, "platform-database-instance").get("password")
    assert not outputs_of(resources, "environment-database-credentials").get("data")


def test_only_the_owner_reads_the_passphrase(environment: SandboxUnderTest) -> None:
    mode = stat.S_IMODE(environment.layout.passphrase.stat().st_mode)
    assert mode == stat.S_IRUSR | stat.S_IWUSR


def test_nothing_is_written_outside_the_sandbox(environment: SandboxUnderTest) -> None:
    """The engine's stack file got its salt, the committed one did not."""
    copy = environment.layout.engine_project / "stacks" / f"Pulumi.{STACK}.yaml"
    committed = environment.layout.project / "stacks" / f"Pulumi.{STACK}.yaml"
    assert "encryptionsalt" in copy.read_text()
    assert "encryptionsalt" not in committed.read_text()
    assert not list(environment.layout.home.rglob(".pulumi"))
