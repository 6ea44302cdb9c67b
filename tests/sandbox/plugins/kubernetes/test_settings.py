"""The provider's configuration."""

from pathlib import Path

import pytest

from sandbox.plugins.kubernetes.errors import KubernetesError
from sandbox.plugins.kubernetes.settings import (
    SettingError,
    active_context,
    active_server,
    changes_cluster,
    default_namespace,
    parse,
    read_kubeconfig,
)

KUBECONFIG = """
clusters:
- {name: one, cluster: {server: "https://one"}}
- {name: two, cluster: {server: "https://two"}}
contexts:
- {name: first, context: {cluster: one, user: u, namespace: team}}
- {name: second, context: {cluster: two, user: u}}
current-context: first
"""


def test_content_path_and_environment_lead_to_the_same_kubeconfig(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(KUBECONFIG, encoding="utf-8")
    found = read_kubeconfig(KUBECONFIG)
    assert found["current-context"] == "first"
    assert read_kubeconfig(str(path)) == found
    assert read_kubeconfig("", {"KUBECONFIG": str(path)}) == found


@pytest.mark.parametrize(
    ("variables", "server", "namespace"),
    [
        ({}, "https://one", "team"),
        ({"kubernetes:config:context": "second"}, "https://two", "default"),
        ({"kubernetes:config:cluster": "two"}, "https://two", "team"),
        ({"kubernetes:config:namespace": "mine"}, "https://one", "mine"),
    ],
)
def test_the_providers_choices_win_over_the_kubeconfig(
    variables: dict[str, str], server: str, namespace: str
) -> None:
    settings = parse({**variables, "kubernetes:config:kubeconfig": KUBECONFIG}, {})
    assert active_server(read_kubeconfig(settings.kubeconfig), settings) == server
    assert default_namespace(settings) == namespace


def test_switches_come_from_the_provider_or_the_environment() -> None:
    settings = parse(
        {"kubernetes:config:enableServerSideApply": "false"},
        {"PULUMI_K8S_ENABLE_SECRET_MUTABLE": "true"},
    )
    assert settings.switches == {"enableSecretMutable"}
    assert settings.content_is_mutable("Secret")
    assert not settings.content_is_mutable("ConfigMap")
    assert parse({}, {}).is_on("enableServerSideApply")


@pytest.mark.parametrize(
    ("kubeconfig", "message"),
    [
        ("/nowhere/kubeconfig", "cannot read the kubeconfig /nowhere/kubeconfig: No such file"),
        ("a: [\n", "the provider's kubeconfig is no YAML"),
        ("a: 1\n", "it has no `clusters`"),
    ],
)
def test_an_unusable_kubeconfig_says_what_is_wrong(kubeconfig: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        read_kubeconfig(kubeconfig)


def test_an_unknown_context_is_refused_with_those_there_are() -> None:
    settings = parse({"kubernetes:config:context": "third"}, {})
    with pytest.raises(SettingError, match=r"no context 'third'; it has \['first', 'second'\]"):
        active_context(read_kubeconfig(KUBECONFIG), settings)


def test_what_only_the_official_plugin_can_do_is_refused() -> None:
    with pytest.raises(KubernetesError, match="renderYamlToDirectory needs the official"):
        parse({"kubernetes:config:renderYamlToDirectory": "out"}, {})


def test_only_another_address_is_another_cluster() -> None:
    old = {"kubeconfig": KUBECONFIG}
    assert changes_cluster(old, {**old, "context": "second"})
    assert not changes_cluster(old, {"kubeconfig": KUBECONFIG.replace("team", "other")})
    assert not changes_cluster({"kubeconfig": "/gone"}, old), "an unreadable one proves nothing"
