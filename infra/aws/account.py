"""The account that the caller's credentials lead to."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

PATIENT = Config(connect_timeout=10, read_timeout=30, retries={"mode": "standard"})
"""For calls that change something: throttled ones and network hiccups are tried again."""


@dataclass(frozen=True)
class Account:
    """Whose credentials these are, and clients for one region of that account."""

    id: str
    """Twelve digits."""
    principal_arn: str
    """Who calls, as AWS sees it."""
    region: str
    """Region of every client."""
    session: boto3.Session
    config: Config

    def client(self, service: str) -> Any:
        """Return the client of a service; annotate what takes it with the service's type."""
        return self.session.client(service, config=self.config)


def open_account(region: str, config: Config = PATIENT) -> Account:
    """Ask AWS who is calling; raises what boto3 raises when credentials or network fail."""
    session = boto3.Session(region_name=region)
    caller = session.client("sts", config=config).get_caller_identity()
    return Account(caller["Account"], caller["Arn"], region, session, config)
