"""What the kind of an object decides: its group, its scope, what forces a replacement."""

import re
from dataclasses import dataclass

from sandbox.plugins.kubernetes.errors import KubernetesError

PACKAGE = "kubernetes"

# Kinds of the API server itself that live outside namespaces; custom kinds are asked for.
CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterTrustBundle",
        "ComponentStatus",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "IPAddress",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "ServiceCIDR",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
    }
)

_BUILT_IN_GROUPS = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)


class KindError(KubernetesError):
    """A kind that this plug-in does not manage; the text says what to do."""


@dataclass(frozen=True)
class Kind:
    """Group, version and kind of an object."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """The object's `apiVersion`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def is_built_in(self) -> bool:
        """Whether the API server brings it without a CustomResourceDefinition."""
        return self.group in _BUILT_IN_GROUPS

    @property
    def is_namespaced(self) -> bool | None:
        """Whether its objects live in namespaces; None if only the API server knows."""
        if not self.is_built_in:
            return None
        return self.kind not in CLUSTER_SCOPED

    @classmethod
    def of(cls, api_version: str, kind: str) -> "Kind":
        """Return the kind that an object names."""
        group, _, version = api_version.rpartition("/")
        return cls(group, version, kind)


@dataclass(frozen=True)
class ResourceType:
    """A resource type of the SDK, such as `kubernetes:apps/v1:DeploymentPatch`."""

    kind: Kind
    is_patch: bool
    """Owns some fields of an object that someone else made."""


def resource_type(urn: str) -> ResourceType:
    """Return the type that a URN names, or refuse it."""
    token = urn.split("::")[2].rsplit("$", 1)[-1]
    package, module, name = token.split(":")
    group, _, version = module.rpartition("/")
    if package != PACKAGE or not re.fullmatch(r"v\d+((alpha|beta)\d+)?", version):
        raise KindError(f"{token} is no single object; declare the objects in it one by one")
    if group == "helm.sh":
        raise KindError(
            f"{token} needs the official kubernetes plug-in and a chart repository; "
            "with this stand-in turn the installation of charts off"
        )
    is_patch = name.endswith("Patch") and name != "Patch"
    kind = Kind("" if group == "core" else group, version, name.removesuffix("Patch"))
    if kind.is_built_in and kind.kind.endswith("List"):
        raise KindError(f"{token} is a list; declare its items as resources of their own")
    return ResourceType(kind, is_patch)


_SELECTOR = ("spec.selector",)

# Paths as in the API; `[*]` is every item of a list. Same choice as the official plug-in.
_REPLACED_BY: dict[tuple[str, str], tuple[str, ...]] = {
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "StatefulSet"): (
        *_SELECTOR,
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    ("batch", "Job"): (*_SELECTOR, "spec.completions", "spec.parallelism", "spec.template"),
    ("", "PersistentVolumeClaim"): (
        *_SELECTOR,
        "spec.accessModes",
        "spec.storageClassName",
        "spec.volumeName",
    ),
    ("", "Pod"): ("spec",),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
}
_IDENTITY = ("metadata.name", "metadata.namespace", "kind")

_CONTENT = {
    ("", "ConfigMap"): ("data", "binaryData"),
    ("", "Secret"): ("data", "stringData"),
}


def replaced_by(kind: Kind, *, is_patch: bool, content_is_mutable: bool) -> tuple[str, ...]:
    """Return the paths whose change needs a new object.

    The content of a ConfigMap or Secret is among them unless the provider says otherwise, so that
    pods see new content under a new name.
    """
    if is_patch:
        return _IDENTITY
    key = (kind.group, kind.kind)
    content = () if content_is_mutable else _CONTENT.get(key, ())
    return (*_IDENTITY, *_REPLACED_BY.get(key, ()), *content)
