"""Entry of the language host: `pulumi-language-python [flags] [engine address]`."""

import argparse

from sandbox.plugins import serve
from sandbox.plugins.python.host import LanguageHost, register

PARALLEL_REQUESTS = 16
"""Each program or policy pack holds one thread for as long as it runs."""


def main() -> None:
    """Serve until the engine stops this process."""
    parser = argparse.ArgumentParser(prog="pulumi-language-python")
    parser.add_argument("engine_address", nargs="?", default="")
    # The engine adds its tracing and logging flags here; nothing of them is done by a stand-in.
    known, _ = parser.parse_known_args()
    host = LanguageHost(known.engine_address)
    serve(
        lambda server: register(host, server), threads=PARALLEL_REQUESTS, on_stop=host.children.kill
    )


if __name__ == "__main__":
    main()
