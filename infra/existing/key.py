"""The key that a stack file names."""

from collections.abc import Iterator

import pulumi
from pulumi_aws import kms

from infra.config.model import Settings
from infra.existing.asking import answer, require
from infra.providers import Providers, Site


def check_key(settings: Settings, site: Site, providers: Providers) -> None:
    """End the program if the stack file names a key that cannot encrypt all of the stack."""
    arn = settings.encryption.key_arn
    if arn:
        named = f"encryption.key_arn names {arn}"
        ask = pulumi.InvokeOptions(provider=providers.aws)
        key = answer(named, lambda: kms.get_key(key_id=arn, opts=ask))
        require(f"{named}, {problem}" for problem in _problems(key, site))


def _problems(key: kms.GetKeyResult, site: Site) -> Iterator[str]:
    owner = key.arn.split(":")[4]
    if owner != site.account_id:
        yield (
            f"a key of account {owner}, but the credentials in use belong to account "
            f"{site.account_id}; name a key of that account"
        )
    if key.key_manager != "CUSTOMER":
        yield "a key that AWS manages; name one whose policy you write"
    if key.key_usage != "ENCRYPT_DECRYPT" or key.key_spec != "SYMMETRIC_DEFAULT":
        yield (
            f"which is made for {key.key_usage} with {key.key_spec}; name a symmetric key for "
            "encryption (ENCRYPT_DECRYPT with SYMMETRIC_DEFAULT)"
        )
    if key.key_state != "Enabled":
        yield f"whose state is {key.key_state}; enable it, or what it encrypts cannot be read"
