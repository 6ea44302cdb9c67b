"""Obtains every program that the sandbox runs, each by the first way that works.

The ways, in order: a program on `PATH` that is new enough; the tool cache; the vendor's release,
used only if its published checksum agrees; the program's Go modules, built with `go` on `PATH`.

    from sandbox.toolbox import Group, ToolUnavailable, obtain, report_for

    report = report_for()                            # live line on a terminal, else plain lines
    pulumi = obtain(Group.PULUMI, report)["pulumi"]  # absolute path of an executable
    kubernetes = obtain(Group.KUBERNETES, report)    # kube-apiserver, kube-controller-manager, …
    provider = terraform_provider_aws(report)        # binary of Terraform's AWS provider

Names in the answers: `pulumi`; `pulumi-terraform-bridge`; `kube-apiserver`,
`kube-controller-manager`, `kube-scheduler`; `etcd`; `kwok`, `kwokctl`. The vendor's release of
`pulumi` also brings the official language hosts: they stand beside it in the same directory.

`obtain` and `terraform_provider_aws` raise `ToolUnavailable`, a `SandboxError` whose text tells
which program is missing, which ways were tried, why each failed and what to install or to place
where. Both take `environment=`, the variables for the programs they start (default: this
process's), among them `PATH`, `MLOPS_TOOL_CACHE`, `GOCACHE` and `GOMODCACHE`.

Nothing is written outside the tool cache, and two processes may obtain the same group at once.
`drop_go_caches` frees the disk space that builds leave in the tool cache.
"""

from sandbox.toolbox.bounded import run_bounded
from sandbox.toolbox.cache import tool_cache
from sandbox.toolbox.chain import obtain
from sandbox.toolbox.failure import ToolUnavailable
from sandbox.toolbox.go_build import drop_go_caches
from sandbox.toolbox.home import user_home
from sandbox.toolbox.progress import Report, Silent, Step, report_for
from sandbox.toolbox.terraform_provider import terraform_provider_aws
from sandbox.toolbox.versions import Group

__all__ = [
    "Group",
    "Report",
    "Silent",
    "Step",
    "ToolUnavailable",
    "drop_go_caches",
    "obtain",
    "report_for",
    "run_bounded",
    "terraform_provider_aws",
    "tool_cache",
    "user_home",
]
