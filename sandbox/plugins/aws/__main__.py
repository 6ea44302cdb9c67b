"""Entry of the plug-in: `pulumi-resource-aws [flags] <engine address>`."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox.plugins import serve
from sandbox.plugins.aws.bridge import Bridge
from sandbox.plugins.aws.engine_log import EngineLog
from sandbox.plugins.aws.provider import AwsProvider, register
from sandbox.plugins.aws.sdk_schema import SdkSchema

PARALLEL_REQUESTS = 256
"""Each resource under way holds one thread until the emulator is done with it."""


def main() -> None:
    """Serve until the engine stops this process."""
    parser = argparse.ArgumentParser(prog="pulumi-resource-aws")
    parser.add_argument("--bridge", type=Path, required=True)
    parser.add_argument("--terraform-provider", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("engine_address")
    # The engine adds its tracing and logging flags here; nothing of them is done by a stand-in.
    known, _ = parser.parse_known_args()

    # The bridge takes a second to start; the program takes as long until it asks for something.
    starter = ThreadPoolExecutor(max_workers=1)
    log = EngineLog(known.engine_address)
    bridge = starter.submit(
        Bridge, known.bridge, known.terraform_provider, log_address=log.address, cache=known.cache
    )
    provider = AwsProvider(bridge, SdkSchema(known.cache), log)

    def stop() -> None:
        if bridge.done() and bridge.exception() is None:
            bridge.result().stop()

    serve(lambda server: register(provider, server), threads=PARALLEL_REQUESTS, on_stop=stop)


if __name__ == "__main__":
    main()
