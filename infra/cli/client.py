"""What a client of a stack needs to know, taken from the stack's outputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from infra.cli.console import CommandFailed, WrongUsage
from infra.cli.stack_outputs import KUBECONFIG, SECRET

_STACK = r"([A-Za-z0-9][\w.-]*/){0,2}[A-Za-z0-9][\w.-]*"
_SHAPES = {
    "artifactBucket": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "mlflowTrackingUri": r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?",
    "namespace": r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    "alertsTopicArn": r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+",
}
"""Outputs that client settings are made of. Nothing in them needs quotes in any of the files."""


@dataclass(frozen=True)
class Client:
    """Facts about one team's environment."""

    stack: str
    region: str
    bucket: str
    """For models, runs and data files."""
    tracking_uri: str
    """Of MLflow, in the cluster."""
    namespace: str
    kubeconfig: dict[str, Any] | None
    """None if the outputs keep it secret."""

    @property
    def tracking_service(self) -> str:
        """Service of MLflow in the namespace."""
        return (urlsplit(self.tracking_uri).hostname or "").partition(".")[0]


def client_of(stack: str, outputs: Mapping[str, Any]) -> Client:
    """Return what the outputs of a team's stack say, or refuse them."""
    if not re.fullmatch(_STACK, stack, re.ASCII):
        raise WrongUsage(f"{stack!r} is no name of a stack.")
    if not outputs:
        raise CommandFailed(
            f"{stack} is not up: it has no outputs yet. First: pulumi up --stack {stack}"
        )
    if "platformConnection" in outputs:
        raise CommandFailed(f"{stack} is a platform, which has no clients; name a team's stack.")
    for name, shape in _SHAPES.items():
        value = outputs.get(name)
        if not (isinstance(value, str) and re.fullmatch(shape, value, re.ASCII)):
            raise CommandFailed(
                f"The output {name} of {stack} is {value!r}, which cannot be; did "
                f"`pulumi up --stack {stack}` finish?"
            )
    kubeconfig = outputs.get(KUBECONFIG)
    return Client(
        stack=stack.rpartition("/")[2],
        region=outputs["alertsTopicArn"].split(":")[3],
        bucket=outputs["artifactBucket"],
        tracking_uri=outputs["mlflowTrackingUri"],
        namespace=outputs["namespace"],
        kubeconfig=None if kubeconfig == SECRET else _of_a_member(stack, kubeconfig, outputs),
    )


def _of_a_member(stack: str, text: Any, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kubeconfig for members of the team: they come as themselves, into their namespace.

    The output takes the role of the administrator first, which members may not.
    """
    try:
        kubeconfig: dict[str, Any] = YAML(typ="safe", pure=True).load(str(text))
        for each in kubeconfig["users"]:
            arguments = each["user"].get("exec", {}).get("args", [])
            if "--role-arn" in arguments:
                role = arguments.index("--role-arn")
                del arguments[role : role + 2]
        for each in kubeconfig["contexts"]:
            each["context"]["namespace"] = outputs["namespace"]
    except (YAMLError, AttributeError, KeyError, TypeError):
        raise CommandFailed(f"The output {KUBECONFIG} of {stack} is no kubeconfig.") from None
    return kubeconfig
