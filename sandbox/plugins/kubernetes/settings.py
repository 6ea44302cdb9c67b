"""The provider's configuration: which cluster, and how objects are written to it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.plugins.kubernetes.errors import KubernetesError, UnreachableError

_PREFIX = "kubernetes:config:"

_SWITCHES = {
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "enableServerSideApply": "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
}
"""Switches of the provider and the environment variables that stand in for them."""

_ON_BY_DEFAULT = frozenset({"enableServerSideApply"})
_REFUSED = ("renderYamlToDirectory",)


class SettingError(UnreachableError):
    """The configuration is not usable; the text says what was given and what to do."""


@dataclass(frozen=True)
class Settings:
    """The provider's configuration."""

    kubeconfig: str
    """Content or path; empty where the default places are meant."""
    context: str
    cluster: str
    namespace: str
    switches: frozenset[str]
    """Names of the switches that are on."""

    def is_on(self, switch: str) -> bool:
        """Say whether a switch of the provider is on."""
        return switch in self.switches

    def content_is_mutable(self, kind: str) -> bool:
        """Say whether new content of a ConfigMap or Secret is written into the old object."""
        return {
            "ConfigMap": self.is_on("enableConfigMapMutable"),
            "Secret": self.is_on("enableSecretMutable"),
        }.get(kind, True)


def parse(variables: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in the variables of a `Configure` call."""
    given = {name.removeprefix(_PREFIX): value for name, value in variables.items()}
    for name in _REFUSED:
        if given.get(name):
            raise KubernetesError(
                f"the provider option {name} needs the official kubernetes plug-in; remove it"
            )
    on = {
        name
        for name, variable in _SWITCHES.items()
        if _is_true(given.get(name) or environment.get(variable), name in _ON_BY_DEFAULT)
    }
    return Settings(
        kubeconfig=given.get("kubeconfig", ""),
        context=given.get("context", ""),
        cluster=given.get("cluster", ""),
        namespace=given.get("namespace", ""),
        switches=frozenset(on),
    )


def _is_true(value: str | None, default: bool) -> bool:
    return value == "true" if value else default


def read_kubeconfig(kubeconfig: str, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the kubeconfig from its content, its path, `KUBECONFIG` or the home directory."""
    import yaml  # noqa: PLC0415  only when a cluster is needed

    text, source = kubeconfig, "the provider's kubeconfig"
    if "\n" not in kubeconfig and not kubeconfig.lstrip().startswith("{"):
        default = environment.get("KUBECONFIG") or str(Path("~/.kube/config").expanduser())
        path = Path(kubeconfig or default.split(os.pathsep)[0]).expanduser()
        source = str(path)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise SettingError(
                f"cannot read the kubeconfig {path}: {error.strerror}; give the provider the path "
                "or the content of one, or set KUBECONFIG"
            ) from error
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SettingError(f"{source} is no YAML; give a kubeconfig") from error
    if not isinstance(loaded, dict) or "clusters" not in loaded:
        raise SettingError(f"{source} is no kubeconfig: it has no `clusters`")
    return loaded


def active_context(kubeconfig: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the context that is used, with the provider's own choices in it."""
    name = settings.context or kubeconfig.get("current-context", "")
    contexts = {entry["name"]: entry["context"] for entry in kubeconfig.get("contexts") or []}
    if name not in contexts:
        raise SettingError(
            f"the kubeconfig has no context {name!r}; it has {sorted(contexts) or 'none'}"
        )
    chosen = dict(contexts[name])
    if settings.cluster:
        chosen["cluster"] = settings.cluster
    chosen["namespace"] = settings.namespace or chosen.get("namespace") or "default"
    return chosen


def default_namespace(settings: Settings) -> str:
    """Return the namespace of objects that name none: the provider's, else the context's."""
    try:
        found = active_context(read_kubeconfig(settings.kubeconfig), settings)["namespace"]
    except SettingError:
        # Whoever needs the cluster is told; a preview may come before it exists.
        return settings.namespace or "default"
    return str(found)


def active_server(kubeconfig: dict[str, Any], settings: Settings) -> str:
    """Return the address of the API server that is used."""
    wanted = active_context(kubeconfig, settings)["cluster"]
    for entry in kubeconfig["clusters"] or []:
        if entry["name"] == wanted:
            return str(entry["cluster"].get("server", ""))
    raise SettingError(f"the kubeconfig has no cluster {wanted!r}")


def changes_cluster(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether another configuration of the provider means another cluster.

    A kubeconfig that cannot be read now (its file is gone, say) proves nothing.
    """
    try:
        before, after = (_server_of(configuration) for configuration in (old, new))
    except SettingError:
        return False
    return before != after


def _server_of(configuration: Mapping[str, Any]) -> str:
    chosen = parse({name: str(value) for name, value in configuration.items()})
    return active_server(read_kubeconfig(chosen.kubeconfig), chosen)
