"""Kinds of text a stack file may hold, each with a pattern and with words for whoever misses it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from infra import versions
from infra.config.migrations.steps import CURRENT_VERSION

PACKAGE_TAGS = ("team", "stage", "environment", "owner", "cost-center", "managed-by")
"""Tags that every resource carries; bills and permissions are read from them."""


@dataclass(frozen=True)
class Shape:
    """ASCII text that matches a pattern as a whole; the words are what an error message offers."""

    pattern: str
    words: str
    """What is allowed, continuing the sentence "allowed: …"."""
    example: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic check the pattern after it has checked the type."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Let editors check the pattern, with the same words for whoever misses it."""
        return {
            **handler(schema),
            "pattern": f"^(?:{self.pattern})$",
            # Not of the standard; editors show it in place of the pattern.
            "patternErrorMessage": f"allowed: {self.words}, such as {self.example}",
            "examples": [self.example],
        }

    def check(self, text: str) -> str:
        """Return the text, or raise the error that carries the words."""
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise not_allowed(self.words, self.example)
        return text


def not_allowed(words: str, example: str) -> PydanticCustomError:
    """Return the error for text of another shape."""
    return PydanticCustomError(
        "shape", "{words}, such as {example}", {"words": words, "example": example}
    )


class AddressRange(Shape):
    """An IPv4 network; no pattern can tell whether its address is the first one in it."""

    def check(self, text: str) -> str:
        """Return the text, or raise the error that carries the words."""
        try:
            IPv4Network(super().check(text))
        except ValueError:
            raise not_allowed(self.words, self.example) from None
        return text


@dataclass(frozen=True)
class Choice(Shape):
    """One of a few texts."""

    choices: tuple[str, ...]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Let editors offer the choices."""
        return {**handler(schema), "enum": list(self.choices)}


def one_of(choices: Sequence[str]) -> Choice:
    """Return the shape of text that must be one of a few versions."""
    pattern = "|".join(map(re.escape, choices))
    return Choice(pattern, "one of " + ", ".join(choices), choices[-1], tuple(choices))


ApiVersion = Annotated[int, WithJsonSchema({"type": "integer", "enum": [CURRENT_VERSION]})]


def _any_case(word: str) -> str:
    """Return a pattern for a word in capitals or not; editors know no flag for it."""
    return "".join(f"[{each}{each.upper()}]" if each.isalpha() else each for each in word)


# The team risk-dev would have names that begin like those of the stack risk-dev.
_NOT_A_STACK = r"(?!.*-(?:dev|stage|prod)$)"

TeamName = Annotated[
    str,
    Shape(
        r"(?=.{2,20}$)(?!rds|(?:aws|default|kube|mlops|pg|platform)(?:-|$))"
        rf"{_NOT_A_STACK}[a-z](?:-?[a-z0-9])*",
        "2 to 20 lower-case letters, digits and single inner hyphens, starting with a letter and "
        "not with a reserved word (aws, default, kube, mlops, pg, platform, rds), nor ending with "
        "a stage",
        "fraud",
    ),
]
PlatformName = Annotated[
    str,
    Shape(
        rf"(?=.{{8,20}}$){_NOT_A_STACK}platform(?:-[a-z0-9]+)*",
        "platform, or platform- and lower-case letters, digits and single inner hyphens, 20 in "
        "all, not ending with a stage",
        "platform-eu",
    ),
]
StackName = Annotated[
    str,
    Shape(
        r"(?:[\w.-]{1,100}/[\w.-]{1,100}/)?platform(?:-[a-z0-9]+)*-(?:dev|stage|prod)",
        "the name of a platform's stack, or organization/project/name of another project's",
        "platform-dev",
    ),
]
Email = Annotated[
    str,
    Shape(
        r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}",
        "one e-mail address",
        "fraud-ml@example.com",
    ),
]
TagValue = Annotated[
    str,
    Shape(
        r"[\w .:/=+@-]{1,256}",
        "1 to 256 letters, digits, spaces and any of . : / = + - _ @",
        "fraud models",
    ),
]
TagKey = Annotated[
    str,
    Shape(
        # Roles know tags by their names in any case.
        rf"(?!{_any_case('aws')}:)(?!(?:{'|'.join(map(_any_case, PACKAGE_TAGS))})$)"
        r"[\w .:/=+@-]{1,128}",
        "1 to 128 letters, digits, spaces and any of . : / = + - _ @, not starting with aws: and "
        f"none of {', '.join(PACKAGE_TAGS)}, which the package sets",
        "data-class",
    ),
]
CostCenter = Annotated[
    str,
    # It becomes a label of the namespace too, and labels are stricter than tags.
    Shape(
        r"[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?",
        "1 to 63 letters, digits and inner . _ -",
        "4711",
    ),
]
GithubRepository = Annotated[
    str,
    Shape(r"[A-Za-z0-9-]{1,39}/[\w.-]{1,100}", "owner/name of one repository", "example/models"),
]
RepositoryId = Annotated[
    str,
    Shape(
        r"[1-9]\d{0,19}",
        "the digits that `gh api repos/OWNER/NAME --jq .id` prints, in quotes",
        "123456789",
    ),
]
PrincipalArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-][\w+=,.@/*-]{0,511}",
        "the ARN of an IAM role or user, in which * may stand for the end of a name",
        "arn:aws:iam::123456789012:role/platform",
    ),
]
RoleArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}",
        "the ARN of one IAM role",
        "arn:aws:iam::123456789012:role/fraud-developers",
    ),
]
VpcId = Annotated[str, Shape(r"vpc-[0-9a-f]{8,17}", "the id of a VPC", "vpc-0123456789abcdef0")]
SubnetId = Annotated[
    str, Shape(r"subnet-[0-9a-f]{8,17}", "the id of a subnet", "subnet-0123456789abcdef0")
]
DatabaseIdentifier = Annotated[
    str,
    Shape(
        r"(?=.{1,63}$)[a-z](?:-?[a-z0-9])*",
        "the identifier of an RDS instance, in lower case",
        "acme-postgresql",
    ),
]
RolePath = Annotated[
    str,
    # A stage in the path could lead into another team's part, and roles below mlops-… would pass
    # for CI's own: the boundary knows those by that beginning of their names.
    Shape(
        r"(?=.{7,64}$)/mlops/(?:(?!mlops-|(?:dev|stage|prod)/)[a-z0-9-]+/)*",
        "/mlops/, because the account's boundary admits no role elsewhere, or a path under it of "
        "lower-case letters, digits and hyphens, 64 characters in all, no part of which is a stage "
        "or starts with mlops-",
        "/mlops/acme/",
    ),
]
BucketArn = Annotated[
    str,
    Shape(
        r"arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "the ARN of an S3 bucket",
        "arn:aws:s3:::example-pulumi-state",
    ),
]
KeyArn = Annotated[
    str,
    Shape(
        r"arn:aws:kms:[a-z0-9-]{5,30}:\d{12}:key/[\w-]{1,64}",
        "the ARN of a KMS key (an alias does not do: policies apply to keys)",
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
]
PolicyArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]{1,512}",
        "the ARN of one IAM policy",
        "arn:aws:iam::123456789012:policy/mlops-boundary",
    ),
]
OidcProviderArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com",
        "the ARN of GitHub's identity provider",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
    ),
]
InstanceClass = Annotated[
    str,
    Shape(
        r"db\.(t\d\w*\.(micro|small|medium|large|2?xlarge)|[mr]\d\w*\.(large|\d*xlarge))",
        "a class of database instances of the families t, m or r",
        "db.t4g.small",
    ),
]
GpuFamily = Annotated[
    str,
    Shape(
        # Of the same kind of name, but without NVIDIA GPUs or without amd64.
        r"(?!g4ad$|g5g$)(g|gr|p)\d[a-z]{0,3}",
        "a family of EC2 instances with NVIDIA GPUs",
        "g6",
    ),
]
NetworkRange = Annotated[
    str,
    AddressRange(
        r"(10\.\d+|172\.(1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+/(1[6-9]|2[01])",
        "a private IPv4 network of /16 to /21",
        "10.20.0.0/16",
    ),
]
ClientRange = Annotated[
    str,
    # A wider range would be no allow-list.
    AddressRange(
        r"\d+(\.\d+){3}/([89]|[12]\d|3[0-2])",
        "an IPv4 network of /8 or smaller",
        "203.0.113.0/24",
    ),
]
KubernetesVersion = Annotated[str, one_of(versions.KUBERNETES_SUPPORTED)]
PostgresqlVersion = Annotated[str, one_of(versions.POSTGRESQL_SUPPORTED)]
