"""The environment of the sandbox's processes: theirs alone, so that nothing real can be touched.

A process of the sandbox sees no credentials, profile, cluster or backend of the user: variables
of that kind are dropped, the home directory is the sandbox's own, and AWS clients get key names
that no account knows.
"""

import os
from collections.abc import Mapping

from sandbox.layout import Layout

MARKER = "MLOPS_SANDBOX_CHILD_OF"
"""Set in every process of a sandbox to its directory: how a later command recognises them."""

PRIVATE_PREFIXES = ("AWS_", "KUBE", "PULUMI_", "TF_", "MLOPS_SANDBOX", "MINISTACK_", "KWOK_")
LOOPBACK = "127.0.0.1"


def isolated(layout: Layout, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return `base` without anything that could lead a child out of the sandbox."""
    kept = {key: value for key, value in base.items() if not key.startswith(PRIVATE_PREFIXES)}
    temporary = {"TMPDIR": str(layout.temporary)} if layout.temporary else {}
    return {
        **kept,
        **temporary,
        MARKER: str(layout.root),
        "HOME": str(layout.home),
        # A company's proxy must not be asked for servers on this machine.
        "NO_PROXY": f"{LOOPBACK},localhost",
        "no_proxy": f"{LOOPBACK},localhost",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": str(layout.home / "no-aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(layout.home / "no-aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def for_engine(layout: Layout, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of the engine, its plug-ins and the program."""
    return {
        **isolated(layout, base),
        "MLOPS_SANDBOX": str(layout.target),
        "PULUMI_HOME": str(layout.engine_home),
        "PULUMI_BACKEND_URL": f"file://{layout.state}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(layout.passphrase),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Else what somebody puts on PATH would take over a state that another plug-in has written.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
    }
