"""The account's identity provider for GitHub: workflows become roles without a stored key."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.aws.account import Account
from infra.aws.errors import code_of
from infra.bootstrap.names import (
    GITHUB_AUDIENCE,
    GITHUB_ISSUER,
    TAGS,
    identity_provider_arn,
)
from infra.bootstrap.steps import Part, Setting

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

KIND = "identity provider"


class IdentityProvider:
    """The one provider an account has for GitHub, whoever made it."""

    def __init__(self, account: Account) -> None:
        self.arn = identity_provider_arn(account.id)
        self._iam: IAMClient = account.client("iam")
        self._exists = self._look()

    def part(self) -> Part:
        """Return the provider and the audience it must know; other audiences stay."""
        return Part(
            KIND,
            GITHUB_ISSUER,
            exists=self._exists,
            make=self._make,
            settings=(
                Setting(
                    f"audience {GITHUB_AUDIENCE}",
                    self._knows_audience,
                    lambda _: True,
                    self._add_audience,
                    at_birth=True,
                ),
            ),
        )

    def _look(self) -> bool:
        try:
            self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=self.arn)
        except ClientError as error:
            if code_of(error) != "NoSuchEntity":
                raise
            return False
        return True

    def _make(self) -> None:
        # No thumbprint: AWS knows the authority behind GitHub's certificate.
        self._iam.create_open_id_connect_provider(
            Url=f"https://{GITHUB_ISSUER}",
            ClientIDList=[GITHUB_AUDIENCE],
            Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
        )

    def _knows_audience(self) -> bool:
        found = self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=self.arn)
        return GITHUB_AUDIENCE in found["ClientIDList"]

    def _add_audience(self, _: bool) -> None:
        self._iam.add_client_id_to_open_id_connect_provider(
            OpenIDConnectProviderArn=self.arn, ClientID=GITHUB_AUDIENCE
        )
