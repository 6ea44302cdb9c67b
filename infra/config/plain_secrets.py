"""Finds secrets in a file that stand there as plain values; what it says never repeats them."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from infra.config.document import KeyPath

KINDS = {
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a GitHub token": r"\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_\w{22})",
    "a GitLab token": r"\bgl(?:pat|agent|cbt|dt|ffct|ft|imt|ptt|rt|soat)-[\w-]{20}",
    "a Slack token": r"\bxox[a-z]-[\w-]{10}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30}",
    "a Pulumi access token": r"\bpul-[0-9a-f]{40}\b",
    "a JSON web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.",
    "a password": r"(?i:pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access)[_-]?key)\s*=\s*\S",
    "a URL with a password": r"://[^\s/:@]+:[^\s/@]+@",
}
"""Secrets with a form of their own, by the name messages give them."""

_ENCRYPTED = (
    "is encrypted by Pulumi (secure:); keys take no secrets, only their ARNs, so keep it in AWS "
    "Secrets Manager"
)

_SECRET_NAME = re.compile(r"(?i)pass(?:word|wd|phrase)|pwd|secret|token|credential|api[_-]?key")
_RUN = re.compile(r"[A-Za-z0-9+/=!@#$%^&*~]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RANDOM_BITS = 3.2
"""Bits per character from which a text is taken for random; words have less, keys have more."""


def plain_secrets(values: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield key and sentence of every secret, and of every value that the engine has encrypted.

    A key that itself holds a secret is told at the block around it.
    """
    if isinstance(values, dict):
        if set(values) == {"secure"}:
            yield path, _ENCRYPTED
            return
        for key, value in values.items():
            if kind := _kind(key):
                yield path, _sentence(kind)
            else:
                yield from plain_secrets(value, (*path, key))
    elif isinstance(values, list):
        for position, value in enumerate(values):
            yield from plain_secrets(value, (*path, str(position)))
    elif isinstance(values, str) and (kind := _kind(values) or _random(path, values)):
        yield path, _sentence(kind)


def _sentence(kind: str) -> str:
    return (
        f"holds {kind}; revoke it, because whoever reads the file has it, and keep its successor "
        "in AWS Secrets Manager: keys take no secrets, only their ARNs"
    )


def _kind(text: str) -> str | None:
    return next((name for name, pattern in KINDS.items() if re.search(pattern, text)), None)


def _random(path: KeyPath, text: str) -> str | None:
    """Return what a text is taken for whose key is named like a secret and which looks random."""
    if text.startswith("arn:") or not any(map(_SECRET_NAME.search, path)):
        return None
    found = any(
        re.search(r"\d", run) and re.search(r"[A-Za-z]", run) and _bits(run) >= _RANDOM_BITS
        for run in _RUN.findall(text)
    )
    return "what looks like a password or a token" if found else None


def _bits(text: str) -> float:
    """Return the entropy of a text, in bits per character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)
