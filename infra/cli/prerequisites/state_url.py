"""Where the state is kept, as `pulumi whoami` says."""

import json
from urllib.parse import parse_qs, urlsplit

from infra.cli.prerequisites.ask import Answer


def backend_url(answer: Answer) -> str:
    """Return the address of the backend in what `pulumi whoami --json` said; empty: none there."""
    try:
        said = json.loads(answer.output)
    except json.JSONDecodeError:
        return ""
    url = said.get("url") if isinstance(said, dict) else None
    return url if isinstance(url, str) else ""


def bucket_of(url: str) -> tuple[str, str] | None:
    """Return bucket and region (empty: not said) of a backend in S3, None for any other."""
    address = urlsplit(url)
    if address.scheme != "s3" or not address.hostname:
        return None
    return address.hostname, parse_qs(address.query).get("region", [""])[0]
