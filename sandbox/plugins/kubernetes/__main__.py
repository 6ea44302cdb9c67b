"""Entry of the provider: `pulumi-resource-kubernetes [flags] [engine address]`."""

import argparse

from sandbox.plugins import serve
from sandbox.plugins.kubernetes.provider import KubernetesProvider, register

PARALLEL_REQUESTS = 128
"""Each operation holds a thread while it waits; the engine may run as many at a time."""


def main() -> None:
    """Serve until the engine stops this process."""
    parser = argparse.ArgumentParser(prog="pulumi-resource-kubernetes")
    parser.add_argument("engine_address", nargs="?", default="")
    # The engine adds its tracing and logging flags here; nothing of them is done by a stand-in.
    known, _ = parser.parse_known_args()
    provider = KubernetesProvider(known.engine_address)
    serve(lambda server: register(provider, server), threads=PARALLEL_REQUESTS)


if __name__ == "__main__":
    main()
