"""Type tokens: the SDK's `aws:s3/bucket:Bucket` is the bridge's `aws:index/s3Bucket:S3Bucket`."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.plugins.aws.differences import FUNCTIONS, MODULES, RESOURCES
from sandbox.plugins.aws.sdk_schema import SDK_VERSION
from sandbox.plugins.aws.terraform_schema import TerraformSchema


class UnknownTypeError(ValueError):
    """The Terraform provider has nothing that matches a type of the SDK."""


@dataclass(frozen=True)
class Match:
    """One resource type or function under its three names."""

    sdk_token: str
    bridge_token: str
    terraform_name: str


class Tokens:
    """Finds Terraform's name and the bridge's token of what the SDK asks for."""

    def __init__(self, schema: TerraformSchema) -> None:
        """Index everything the Terraform provider offers."""
        self._schema = schema
        self._resources = _by_letters(schema.resources)
        self._functions = _by_letters(schema.functions)

    def resource(self, token: str) -> Match:
        """Match a resource type."""
        module, name = _module_and_name(token)
        plain = name.removesuffix("V2") if module == "s3" else name
        terraform = RESOURCES.get(f"{module}/{name}") or _find(self._resources, module, plain)
        if terraform not in self._schema.resources:
            raise unknown_type(token)
        return Match(token, self._schema.resources[terraform], terraform)

    def function(self, token: str) -> Match:
        """Match a provider function, which Terraform calls a data source."""
        module, name = _module_and_name(token)
        plain = name.removeprefix("get")
        terraform = FUNCTIONS.get(f"{module}/{name}") or _find(self._functions, module, plain)
        if terraform not in self._schema.functions:
            raise unknown_type(token)
        return Match(token, self._schema.functions[terraform], terraform)


def urn_with_type(urn: str, token: str) -> str:
    """Give a resource another type; its parents and its name stay."""
    stack, project, types, name = urn.split("::", 3)  # a name may contain the separator
    parents, dollar, _ = types.rpartition("$")
    return f"{stack}::{project}::{parents}{dollar}{token}::{name}"


def _module_and_name(token: str) -> tuple[str, str]:
    _, path, name = token.split(":")
    return path.partition("/")[0].lower(), name


def _by_letters(names: Mapping[str, str]) -> dict[str, str]:
    return {_letters(name.removeprefix("aws_")): name for name in names}


def _letters(name: str) -> str:
    return name.replace("_", "").lower()


def _find(known: Mapping[str, str], module: str, name: str) -> str | None:
    prefixes = MODULES.get(module, (module,))
    return next((known[key] for p in prefixes if (key := p + _letters(name)) in known), None)


def unknown_type(token: str) -> UnknownTypeError:
    """Say what is missing where, and what helps."""
    return UnknownTypeError(
        f"{token} of pulumi-aws {SDK_VERSION} has no counterpart in the Terraform AWS provider of "
        "this sandbox; leave it out of stacks that run here, or give the sandbox a newer "
        "terraform-provider-aws"
    )
