"""The permissions boundary in the account: a managed policy that changes by new versions."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.aws.account import Account
from infra.aws.errors import code_of
from infra.bootstrap.boundary import Scope, boundary, scope_of
from infra.bootstrap.documents import Document, same
from infra.bootstrap.names import BOUNDARY_NAME, TAGS, boundary_arn
from infra.bootstrap.steps import Part, Setting

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

KIND = "permissions boundary"
DESCRIPTION = "The most that any role made by an mlops stack can do"
_VERSIONS_LIMIT = 5  # of a managed policy


class BoundaryPolicy:
    """The policy `mlops-boundary`, and the scope it has so far."""

    def __init__(self, account: Account) -> None:
        self._account_id = account.id
        self.arn = boundary_arn(account.id)
        self._iam: IAMClient = account.client("iam")
        self._exists = self._look()
        self.scope = scope_of(self._read() if self._exists else None)

    def part(self, scope: Scope) -> Part:
        """Return the policy, saying what the scope asks."""
        wanted = boundary(self._account_id, scope)

        def make() -> None:
            self._iam.create_policy(
                PolicyName=BOUNDARY_NAME,
                PolicyDocument=_compact(wanted),
                Description=DESCRIPTION,
                Tags=_tag_list(TAGS),
            )

        return Part(
            KIND,
            BOUNDARY_NAME,
            exists=self._exists,
            make=make,
            settings=(
                Setting(
                    "what roles can do at most",
                    self._read,
                    lambda current: current if same(current, wanted) else wanted,
                    self._replace,
                    at_birth=True,
                ),
                Setting(
                    "tags",
                    self._read_tags,
                    lambda tags: tags | TAGS,
                    self._write_tags,
                    at_birth=True,
                ),
            ),
        )

    def _look(self) -> bool:
        try:
            self._iam.get_policy(PolicyArn=self.arn)
        except ClientError as error:
            if code_of(error) != "NoSuchEntity":
                raise
            return False
        return True

    def _read(self) -> Any:
        version = self._iam.get_policy(PolicyArn=self.arn)["Policy"]["DefaultVersionId"]
        found = self._iam.get_policy_version(PolicyArn=self.arn, VersionId=version)
        return found["PolicyVersion"]["Document"]

    def _replace(self, document: Document) -> None:
        versions = self._iam.list_policy_versions(PolicyArn=self.arn)["Versions"]
        if len(versions) >= _VERSIONS_LIMIT:
            spare = (version for version in versions if not version["IsDefaultVersion"])
            oldest = min(spare, key=lambda version: version["CreateDate"])
            self._iam.delete_policy_version(PolicyArn=self.arn, VersionId=oldest["VersionId"])
        self._iam.create_policy_version(
            PolicyArn=self.arn, PolicyDocument=_compact(document), SetAsDefault=True
        )

    def _read_tags(self) -> dict[str, str]:
        tags = self._iam.list_policy_tags(PolicyArn=self.arn)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in tags}

    def _write_tags(self, tags: dict[str, str]) -> None:
        self._iam.tag_policy(PolicyArn=self.arn, Tags=_tag_list(tags))


def _compact(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))


def _tag_list(tags: dict[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
