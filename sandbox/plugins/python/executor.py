"""Runs one program in a process of its own; started by the language host with the program's Python.

It may import nothing but the SDK: the program's environment need not hold this package.
"""

import argparse
import asyncio
import logging
import os
import runpy
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

EXIT_MESSAGE_SHOWN = 32
"""Tells the language host that the user has already seen what is wrong."""

EXIT_INTERRUPTED = 130

THREADS_PER_OPERATION = 4

try:
    import pulumi
    import pulumi.runtime
except ImportError:
    traceback.print_exc()
    print(
        f"\nThe Pulumi SDK is not installed for {sys.executable}. Install the requirements of the "
        "project there, or point the `virtualenv` option of the project file to where they are.",
        file=sys.stderr,
    )
    sys.exit(1)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the language host."""
    parser = argparse.ArgumentParser(description="Run one Pulumi program")
    for option in ("project", "stack", "monitor", "engine", "organization", "root_directory"):
        parser.add_argument(f"--{option}")
    parser.add_argument("--pwd", help="working directory of the program")
    parser.add_argument("--parallel", type=int, default=1, help="resource operations at a time")
    parser.add_argument("--dry_run", default="false", choices=["true", "false"])
    parser.add_argument("program")
    parser.add_argument("args", nargs=argparse.REMAINDER)
    return parser.parse_args(arguments)


def configure(options: argparse.Namespace) -> None:
    """Connect the SDK of this process to the engine."""
    pulumi.runtime.set_all_config(
        pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env()
    )
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            project=options.project,
            stack=options.stack,
            monitor=options.monitor,
            engine=options.engine,
            organization=options.organization,
            root_directory=options.root_directory,
            parallel=options.parallel,
            dry_run=options.dry_run == "true",
        )
    )


def run(program: str, parallel: int) -> int:
    """Run the program until all its resources are registered; return the exit code."""
    path = Path(program).resolve()
    if path.is_dir() and not (path / "__main__.py").is_file():
        pulumi.log.error(f"unable to find main python program `__main__.py` in `{path}`")
        return EXIT_MESSAGE_SHOWN

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    threads = ThreadPoolExecutor(max_workers=max(parallel, 1) * THREADS_PER_OPERATION)
    loop.set_default_executor(threads)
    # A failing program leaves futures unawaited; their warnings would bury the one that matters.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    def start() -> None:
        runpy.run_path(program, run_name="__main__")

    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(start))
    except KeyboardInterrupt:
        # The engine is gone or going: what the other threads wait for will not come.
        flush()
        os._exit(EXIT_INTERRUPTED)
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception as error:  # whatever the program raises is shown to its author
        pulumi.log.error(
            f"Program failed with an unhandled exception:\n{user_traceback(error, path)}"
        )
        return EXIT_MESSAGE_SHOWN
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
        loop.close()
    return 0


def user_traceback(error: BaseException, program: Path) -> str:
    """Return the traceback from the program's first frame on, without what started it."""
    home = program if program.is_dir() else program.parent
    trace: TracebackType | None = error.__traceback__
    while trace and not _lies_in(trace.tb_frame.f_code.co_filename, home):
        trace = trace.tb_next
    if trace is None and not isinstance(error, SyntaxError):
        trace = error.__traceback__
    return "".join(traceback.format_exception(type(error), error, trace))


def _lies_in(filename: str, directory: Path) -> bool:
    """Frozen modules of the interpreter have names such as `<frozen runpy>`, not paths."""
    return not filename.startswith("<") and directory in Path(filename).resolve().parents


def interrupt_once(*_: object) -> None:
    """Interrupt the program; the engine and the language host both send the signal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def flush() -> None:
    """Write out what was printed: Python does not on every way out."""
    sys.stdout.flush()
    sys.stderr.flush()


def main() -> int:
    """Run what the command line says."""
    options = parse()
    configure(options)
    sys.argv = [options.program, *options.args]
    if options.pwd:
        os.chdir(options.pwd)
    signal.signal(signal.SIGINT, interrupt_once)
    try:
        return run(options.program, options.parallel)
    finally:
        flush()


if __name__ == "__main__":
    sys.exit(main())
