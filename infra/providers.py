"""The providers, and the one place that knows whether they lead to AWS or to the sandbox.

Components never build a provider: whoever calls them decides where things land.
"""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

SANDBOX_VARIABLE = "MLOPS_SANDBOX"
"""Path of a JSON file that says where the sandbox's servers listen. Not set: it is AWS."""

AWS_SERVICES = (
    "amp",
    "budgets",
    "cloudwatch",
    "ec2",
    "eks",
    "iam",
    "kms",
    "logs",
    "rds",
    "s3",
    "sns",
    "sts",
)
"""Every service the components use, by its name among the provider's endpoints."""

ZONES_WITHOUT_EKS = ("cac1-az3", "use1-az3", "usw1-az2")
"""Ids of zones in which EKS refuses subnets; their names differ from account to account.
Source: Amazon EKS user guide, "VPC and subnet considerations"."""


@dataclass(frozen=True)
class Sandbox:
    """Where the sandbox's servers listen."""

    aws_endpoint: str
    """URL of emulated AWS."""
    aws_endpoints: Mapping[str, str]
    """URLs of the services that another emulator serves."""
    kubeconfig: Path
    """Kubeconfig of the local cluster."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Sandbox | None":
        """Return the sandbox that the environment names, if it names one."""
        path = environment.get(SANDBOX_VARIABLE)
        if not path:
            return None
        try:
            target = json.loads(Path(path).read_text(encoding="utf-8"))
            return cls(
                aws_endpoint=target["aws_endpoint"],
                aws_endpoints=target["aws_endpoints"],
                kubeconfig=Path(target["kubeconfig"]),
            )
        except (OSError, ValueError, KeyError) as error:
            raise pulumi.RunError(
                f"{SANDBOX_VARIABLE} is {path}, but that file does not describe a sandbox "
                f"({error!r}); start one with `make up`, or unset {SANDBOX_VARIABLE} to reach AWS"
            ) from None

    def endpoints(self) -> dict[str, str]:
        """Return the URL of every service."""
        return {
            service: self.aws_endpoints.get(service, self.aws_endpoint) for service in AWS_SERVICES
        }


@dataclass(frozen=True)
class Site:
    """Where in AWS the stack stands, as only AWS knows."""

    account_id: str
    region: str
    availability_zones: tuple[str, ...]
    """All zones of the region that every account may use, by name."""

    def first_zones(self, count: int) -> list[str]:
        """Return so many zones, always the same ones."""
        if count > len(self.availability_zones):
            zones = ", ".join(self.availability_zones) or "none"
            raise pulumi.RunError(
                f"network.availability_zones is {count}, but {self.region} offers this account "
                f"{len(self.availability_zones)} zones ({zones}); write a smaller number or "
                "choose another region"
            )
        return list(self.availability_zones[:count])


class Providers:
    """The two providers of a stack: AWS at once, Kubernetes as soon as there is a cluster."""

    def __init__(
        self, region: str, tags: Mapping[str, str], sandbox: Sandbox | None = None
    ) -> None:
        self._sandbox = sandbox
        self._region = region
        emulation = _emulation(sandbox) if sandbox else {}
        self.aws = aws.Provider(
            "aws", region=region, default_tags={"tags": dict(tags)}, **emulation
        )

    @property
    def in_sandbox(self) -> bool:
        """Whether the providers lead to the sandbox, where nodes are simulated."""
        return self._sandbox is not None

    def site(self) -> Site:
        """Ask AWS where we are."""
        ask = pulumi.InvokeOptions(provider=self.aws)
        zones = aws.get_availability_zones(
            state="available",
            # Local zones and Wavelength zones have to be opted into, and lack services.
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
            exclude_zone_ids=list(ZONES_WITHOUT_EKS),
            opts=ask,
        )
        return Site(
            account_id=aws.get_caller_identity(opts=ask).account_id,
            region=self._region,
            availability_zones=tuple(sorted(zones.names)),
        )

    def kubeconfig(self, of_cluster: pulumi.Output[str]) -> pulumi.Output[str]:
        """Return how the cluster is reached, a secret; in the sandbox the local one stands for it.

        Either way it is known only once the cluster is.
        """
        if self._sandbox is None:
            return of_cluster
        local = self._sandbox.kubeconfig.read_text(encoding="utf-8")
        return pulumi.Output.secret(of_cluster.apply(lambda _: local))

    def kubernetes(
        self, kubeconfig: pulumi.Output[str], cluster_arn: pulumi.Output[str]
    ) -> kubernetes.Provider:
        """Return the provider of the cluster."""
        return kubernetes.Provider(
            "kubernetes",
            kubeconfig=kubeconfig,
            # Only another cluster replaces the objects in it, not a change of the kubeconfig.
            cluster_identifier=cluster_arn,
            enable_server_side_apply=True,
        )

    def connect_command(
        self, cluster_name: pulumi.Input[str], role_arn: pulumi.Input[str]
    ) -> pulumi.Output[str]:
        """Return the command after which kubectl reaches the cluster."""
        if self._sandbox:
            file = shlex.quote(str(self._sandbox.kubeconfig))
            return pulumi.Output.from_input(f"export KUBECONFIG={file}")
        return pulumi.Output.concat(
            f"aws eks update-kubeconfig --region {self._region} --name ",
            cluster_name,
            " --role-arn ",
            role_arn,
        )


def _emulation(sandbox: Sandbox) -> dict[str, Any]:
    """Return the arguments that lead the AWS provider to an emulator.

    The account's id is still asked for: ARNs of tagged resources carry it.
    """
    return {
        "endpoints": [sandbox.endpoints()],
        "s3_use_path_style": True,
        "access_key": "test",
        "secret_key": "test",
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
    }
