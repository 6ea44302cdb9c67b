"""Reads from a vendor's server, and gives up soon on a closed network."""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.progress import Step

ANSWER_SECONDS = 5
"""How long a server may take to give a small file."""
STALL_SECONDS = 30
"""How long a big transfer may stand still."""
CHUNK_BYTES = 1 << 18
MIB = 1 << 20

_unreachable: dict[str, str] = {}
"""Servers that did not answer this process, and why: nobody waits twice for the same one."""


def read_text(url: str) -> str:
    """Return a small text file."""
    with _open(url, ANSWER_SECONDS) as response:
        return response.read(MIB).decode(errors="replace")


def fetch(url: str, file: Path, step: Step) -> str:
    """Copy what `url` gives into `file` and return its SHA-256."""
    digest, done_bytes = hashlib.sha256(), 0
    with _open(url, STALL_SECONDS) as response, file.open("wb") as copy:
        total_bytes = int(response.headers.get("Content-Length") or 0)
        while chunk := response.read(CHUNK_BYTES):
            copy.write(chunk)
            digest.update(chunk)
            done_bytes += len(chunk)
            total = f" of {total_bytes / MIB:.1f}" if total_bytes else ""
            step.advance(f"{file.name}: {done_bytes / MIB:.1f}{total} MiB")
    if done_bytes < total_bytes:
        raise WayFailed(f"{url} broke off after {done_bytes} of {total_bytes} bytes")
    return digest.hexdigest()


@contextmanager
def _open(url: str, timeout_seconds: float) -> Iterator[http.client.HTTPResponse]:
    server = urlsplit(url).netloc
    if server in _unreachable:
        raise WayFailed(f"{url} could not be reached ({_unreachable[server]})")
    try:
        # Only URLs of the table in `versions` come here, all of them https.
        with urllib.request.urlopen(url, timeout=timeout_seconds) as response:  # noqa: S310
            yield response
    except urllib.error.HTTPError as error:
        raise WayFailed(f"{url} answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        _unreachable[server] = getattr(error.reason, "strerror", None) or str(error.reason)
        raise WayFailed(f"{url} could not be reached ({_unreachable[server]})") from error
    except (OSError, http.client.HTTPException) as error:
        raise WayFailed(f"{url} broke off ({error})") from error
