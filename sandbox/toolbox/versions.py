"""Which programs the sandbox needs, in which version, and where each comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

GITHUB = "https://github.com"


class Group(StrEnum):
    """Programs that come, and are cached, together."""

    PULUMI = "pulumi"
    BRIDGE = "bridge"
    KUBERNETES = "kubernetes"
    ETCD = "etcd"
    KWOK = "kwok"


@dataclass(frozen=True)
class OnPath:
    """When programs on `PATH` are good enough."""

    at_least: tuple[int, int]
    """Major version that must be met exactly, minor version that must be reached."""
    version_arguments: tuple[str, ...] = ("--version",)
    """Arguments that make each program print its version."""


@dataclass(frozen=True)
class Release:
    """The vendor's binaries. `{program}`, `{version}`, `{system}`, `{machine}` are filled in."""

    url: str
    """One file for each program, or one `.tar.gz`."""
    checksums: str | Mapping[str, str]
    """URL of the published SHA-256, which stands alone in a file or on a line with the file's name.
    Where the vendor publishes none: file name -> SHA-256."""
    archive_members: str = ""
    """Pattern of the file names to take out of a `.tar.gz`; empty: `url` is the program itself."""
    systems: tuple[str, ...] = ("linux",)
    """Operating systems the vendor publishes this for."""
    machines: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"amd64": "amd64", "arm64": "arm64"})
    )
    """What the vendor calls each machine architecture."""


@dataclass(frozen=True)
class GoModules:
    """The build list in `modules/<group>`, and what to build of it."""

    packages: tuple[str, ...]
    """One `main` package for each program, in the same order."""
    version_variable: str = ""
    """Go variable that holds the version `version_value`; empty: the program knows it."""
    version_value: str = ""
    """Value for it."""


@dataclass(frozen=True)
class ToolSet:
    """One group: all of its programs have one version and are installed together."""

    group: Group
    version: str
    programs: tuple[str, ...]
    """File names of the executables, which are also the keys of what `obtain` returns."""
    go: GoModules
    on_path: OnPath | None = None
    """None: a program on `PATH` is never taken."""
    release: Release | None = None
    """None: the vendor publishes nothing that could be verified."""


# renovate: datasource=github-releases depName=pulumi/pulumi
_PULUMI = "3.250.0"
# renovate: datasource=github-releases depName=pulumi/pulumi-terraform-bridge
_BRIDGE = "3.127.0"
# renovate: datasource=github-releases depName=kubernetes/kubernetes
_KUBERNETES = "1.34.2"
# renovate: datasource=github-releases depName=etcd-io/etcd
_ETCD = "3.6.5"
# renovate: datasource=github-releases depName=kubernetes-sigs/kwok
_KWOK = "0.8.0"
_KWOK_CHECKSUMS = MappingProxyType(
    {
        "kwok-linux-amd64": "f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46",
        "kwok-linux-arm64": "628f7d277860f524a2a775c217adcc58828e7b59ab0933680315784f1b8b0e37",
        "kwokctl-linux-amd64": "d5743166c657283d6e827c7c4c20cacfd9009fd94830f06718ca7b2c7099461f",
        "kwokctl-linux-arm64": "5a642b27d3e975f36040d215640cd90fb4a63cb6fca0ad5865a61bcd9c81051b",
    }
)
"""The project publishes none. Two distributions that package these files, AUR and Nix, agree in
them; a new version needs new ones."""

TERRAFORM_PROVIDER_AWS_AT_LEAST = (5, 100, 0)
"""Oldest version of Terraform's AWS provider that can stand behind the `aws` plug-in."""
TERRAFORM_PROVIDER_AWS_BELOW = (7, 0, 0)
"""First version that cannot: major versions rename resources."""

TOOL_SETS: Mapping[Group, ToolSet] = MappingProxyType(
    {
        Group.PULUMI: ToolSet(
            group=Group.PULUMI,
            version=_PULUMI,
            programs=("pulumi",),
            # An engine older than the SDK lacks calls that the SDK makes.
            on_path=OnPath(at_least=(3, 250), version_arguments=("version",)),
            release=Release(
                url="https://get.pulumi.com/releases/sdk/"
                "pulumi-v{version}-{system}-{machine}.tar.gz",
                checksums=f"{GITHUB}/pulumi/pulumi/releases/download/v{{version}}/"
                "pulumi-{version}-checksums.txt",
                archive_members="pulumi*",
                systems=("linux", "darwin"),
                machines=MappingProxyType({"amd64": "x64", "arm64": "arm64"}),
            ),
            go=GoModules(
                packages=("github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",),
                version_variable="github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
                version_value=f"v{_PULUMI}",
            ),
        ),
        # The vendor publishes the bridge as a Go module only, and it does not tell its version.
        Group.BRIDGE: ToolSet(
            group=Group.BRIDGE,
            version=_BRIDGE,
            programs=("pulumi-terraform-bridge",),
            go=GoModules(packages=("github.com/pulumi/pulumi-terraform-bridge/v3/dynamic",)),
        ),
        Group.KUBERNETES: ToolSet(
            group=Group.KUBERNETES,
            version=_KUBERNETES,
            programs=("kube-apiserver", "kube-controller-manager", "kube-scheduler"),
            on_path=OnPath(at_least=(1, 34)),
            release=Release(
                url="https://dl.k8s.io/v{version}/bin/{system}/{machine}/{program}",
                checksums="https://dl.k8s.io/v{version}/bin/{system}/{machine}/{program}.sha256",
            ),
            go=GoModules(
                packages=(
                    "k8s.io/kubernetes/cmd/kube-apiserver",
                    "k8s.io/kubernetes/cmd/kube-controller-manager",
                    "k8s.io/kubernetes/cmd/kube-scheduler",
                ),
                version_variable="k8s.io/component-base/version.gitVersion",
                version_value=f"v{_KUBERNETES}",
            ),
        ),
        Group.ETCD: ToolSet(
            group=Group.ETCD,
            version=_ETCD,
            programs=("etcd",),
            on_path=OnPath(at_least=(3, 5)),
            release=Release(
                url=f"{GITHUB}/etcd-io/etcd/releases/download/v{{version}}/"
                "etcd-v{version}-{system}-{machine}.tar.gz",
                checksums=f"{GITHUB}/etcd-io/etcd/releases/download/v{{version}}/SHA256SUMS",
                archive_members="etcd",
            ),
            go=GoModules(packages=("go.etcd.io/etcd/server/v3",)),
        ),
        Group.KWOK: ToolSet(
            group=Group.KWOK,
            version=_KWOK,
            programs=("kwok", "kwokctl"),
            on_path=OnPath(at_least=(0, 7)),
            release=Release(
                url=f"{GITHUB}/kubernetes-sigs/kwok/releases/download/v{{version}}/"
                "{program}-{system}-{machine}",
                checksums=_KWOK_CHECKSUMS,
            ),
            go=GoModules(packages=("sigs.k8s.io/kwok/cmd/kwok", "sigs.k8s.io/kwok/cmd/kwokctl")),
        ),
    }
)
