"""Namespaces and pods."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.rule import (
    UNKNOWN,
    Resource,
    ResourceRule,
    Severity,
    StackRule,
    companions,
    differs,
    read,
)

NAMESPACE = "kubernetes:core/v1:Namespace"
COMPANIONS = {
    "kubernetes:core/v1:ResourceQuota": "ResourceQuota",
    "kubernetes:core/v1:LimitRange": "LimitRange",
}
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
WORKLOADS = (
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:batch/v1:Job",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:core/v1:Pod",
)
POD_SECURITY_LABEL = "pod-security.kubernetes.io/enforce"


def _restricted(namespace: Resource) -> Iterator[str]:
    if differs(namespace.props, "metadata", "labels", POD_SECURITY_LABEL, wanted="restricted"):
        yield f"the label {POD_SECURITY_LABEL} is not restricted"


def _in_namespace(
    resources: Sequence[Resource], namespace: Resource, type_token: str
) -> list[Resource]:
    name = read(namespace.props, "metadata", "name")
    by_reference = companions(resources, namespace, type_token=type_token, via="metadata")
    by_name = [
        r
        for r in resources
        if r.type == type_token
        and name is not UNKNOWN
        and read(r.props, "metadata", "namespace") == name
    ]
    return list({r.urn: r for r in (*by_reference, *by_name)}.values())


def _fenced(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    for namespace in (r for r in resources if r.type == NAMESPACE):
        for type_token, kind in COMPANIONS.items():
            if not _in_namespace(resources, namespace, type_token):
                yield namespace.urn, f"namespace {namespace.name} has no {kind}"


def _denies_by_default(policy: Resource) -> bool:
    spec = read(policy.props, "spec", default={})
    return (
        spec is not UNKNOWN
        and not read(spec, "podSelector", default={})
        and {"Ingress", "Egress"} <= set(read(spec, "policyTypes", default=[]))
        and not read(spec, "ingress", default=[])
        and not read(spec, "egress", default=[])
    )


def _closed_by_default(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    for namespace in (r for r in resources if r.type == NAMESPACE):
        policies = _in_namespace(resources, namespace, NETWORK_POLICY)
        if not any(_denies_by_default(p) for p in policies):
            yield (
                namespace.urn,
                f"namespace {namespace.name} has no NetworkPolicy that denies all by default",
            )


def _pod_spec(workload: Resource) -> Any:
    match workload.type.rsplit(":", 1)[-1]:
        case "Pod":
            return read(workload.props, "spec", default={})
        case "CronJob":
            path = ("spec", "jobTemplate", "spec", "template", "spec")
            return read(workload.props, *path, default={})
        case _:
            return read(workload.props, "spec", "template", "spec", default={})


def _containers(workload: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    spec = _pod_spec(workload)
    if spec is UNKNOWN:
        return
    for key in ("initContainers", "containers"):
        containers = read(spec, key, default=[])
        for container in [] if containers is UNKNOWN else containers:
            yield str(read(container, "name", default="unnamed")), container


def _unprivileged(workload: Resource) -> Iterator[str]:
    spec = _pod_spec(workload)
    if spec is UNKNOWN:
        return
    for name, container in _containers(workload):
        context = ("securityContext",)
        if differs(container, *context, "allowPrivilegeEscalation", wanted=False):
            yield f"container {name} may gain privileges"
        dropped = read(container, *context, "capabilities", "drop", default=[])
        if dropped is not UNKNOWN and not {"ALL", UNKNOWN} & set(dropped):
            yield f"container {name} keeps Linux capabilities"
        if differs(container, *context, "readOnlyRootFilesystem", wanted=True):
            yield f"container {name} may write to its own image"
        if differs(spec, *context, "runAsNonRoot", wanted=True) and differs(
            container, *context, "runAsNonRoot", wanted=True
        ):
            yield f"container {name} may run as root"
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if read(spec, key) is True:
            yield f"{key} is true"


def _sized(workload: Resource) -> Iterator[str]:
    for name, container in _containers(workload):
        for path in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory")):
            if read(container, "resources", *path) is None:
                yield f"container {name} has no resources.{'.'.join(path)}"


def _pinned(workload: Resource) -> Iterator[str]:
    for name, container in _containers(workload):
        image = read(container, "image", default="")
        if image is UNKNOWN or "@sha256:" in image:
            continue
        tag = image.rsplit("/", 1)[-1].partition(":")[2]
        if tag in ("", "latest"):
            yield f"container {name} runs {image!r}, which may be another image tomorrow"


RULES = (
    ResourceRule(
        id="kubernetes-namespace-restricted",
        title="Every namespace enforces the restricted Pod Security Standard.",
        fix=f"Label the namespace {POD_SECURITY_LABEL}=restricted.",
        severity=Severity.HIGH,
        types=(NAMESPACE,),
        check=_restricted,
    ),
    StackRule(
        id="kubernetes-namespace-fenced",
        title="Every namespace has a ResourceQuota and a LimitRange.",
        fix="Add both; a quota without limits makes every pod that names none fail.",
        severity=Severity.MEDIUM,
        check=_fenced,
    ),
    StackRule(
        id="kubernetes-namespace-closed",
        title="Every namespace denies all traffic that no policy allows.",
        fix="Add a NetworkPolicy with an empty podSelector and both policyTypes.",
        severity=Severity.HIGH,
        check=_closed_by_default,
    ),
    ResourceRule(
        id="kubernetes-pod-unprivileged",
        title="Containers run without root, privileges or a writable image.",
        fix="Set runAsNonRoot, allowPrivilegeEscalation false, drop ALL, readOnlyRootFilesystem.",
        severity=Severity.HIGH,
        types=WORKLOADS,
        check=_unprivileged,
    ),
    ResourceRule(
        id="kubernetes-pod-sized",
        title="Containers say what they need and where their memory ends.",
        fix="Set resources.requests.cpu, resources.requests.memory and resources.limits.memory.",
        severity=Severity.MEDIUM,
        types=WORKLOADS,
        check=_sized,
    ),
    ResourceRule(
        id="kubernetes-image-pinned",
        title="Containers run a named version of their image.",
        fix="Give the image a version tag or, better, a digest.",
        severity=Severity.HIGH,
        types=WORKLOADS,
        check=_pinned,
    ),
)
