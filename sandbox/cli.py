"""`python -m sandbox …`: what `make up` and `make down` call."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from sandbox.command import run_inside
from sandbox.down import down as take_down
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.programs import fill_cache
from sandbox.show import Show
from sandbox.status import status as look
from sandbox.toolbox.progress import elapsed
from sandbox.up import up as bring_up

INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    help="The whole environment on this machine: emulated AWS, a real Kubernetes control plane "
    "and the real engine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as a JSON document.")]


@contextmanager
def _one_sentence(show: Show) -> Iterator[None]:
    """Turn what can go wrong into one sentence and an exit code."""
    # Whoever stops us in an orderly way gets what Ctrl-C gets: a state that can be gone on with.
    # Ctrl-C itself is said too, since a shell starts what runs in the background deaf to it.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, signal.default_int_handler)
    try:
        yield
    except SandboxError as error:
        show.fail(str(error))
        raise typer.Exit(1) from None
    except OSError as error:
        show.fail(f"{error.filename or 'the system'}: {error.strerror or error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        show.fail("Interrupted. `make up` goes on from here, `make down` removes everything.")
        raise typer.Exit(INTERRUPTED) from None


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def up(
    context: typer.Context,
    stack: Annotated[str, typer.Argument(help="Stack that has a file in stacks/.")] = "demo-dev",
    nodes: Annotated[str, typer.Option(help="simulated: kwok plays the kubelet.")] = "simulated",
    as_json: AsJson = False,
) -> None:
    """Start what does not run yet, then `pulumi up` the stack.

    What follows the stack, such as `--parallel 4`, goes to `pulumi up`.
    """
    started, show = time.monotonic(), Show(quiet=as_json)
    with _one_sentence(show):
        if nodes != "simulated":
            raise SandboxError(f"Nodes cannot be {nodes!r}; they can be: simulated.")
        result = bring_up(Layout.find(), stack, show, context.args)
        if as_json:
            show.document({**asdict(result), "seconds": round(time.monotonic() - started, 1)})
            return
        show.outputs(result.stack, result.outputs)
        changes = ", ".join(f"{count} {kind}" for kind, count in sorted(result.changes.items()))
        show.say(f"{result.stack} is up ({changes}) after {elapsed(time.monotonic() - started)}.")


@app.command()
def down(
    force: Annotated[bool, typer.Option(help="Also stop a command that is at work here.")] = False,
    as_json: AsJson = False,
) -> None:
    """Stop every process of the sandbox and remove all it has written."""
    show = Show(quiet=as_json)
    with _one_sentence(show):
        layout = Layout.find()
        result = take_down(layout, force=force)
        if as_json:
            show.document(asdict(result))
            return
        for process in result.stopped:
            show.say(f"Stopped {process.name} (process {process.pid}).")
        if result.directory_removed:
            show.say(f"Removed {layout.root}.")
        else:
            show.say("There is no sandbox here, nothing to remove.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what of the sandbox runs, and where."""
    show = Show(quiet=as_json)
    with _one_sentence(show):
        servers = look(Layout.find())
        if as_json:
            show.document({"servers": [asdict(server) for server in servers]})
        elif servers:
            show.servers(servers)
        else:
            show.say("There is no sandbox here; `make up` makes one.")


@app.command()
def tools() -> None:
    """Obtain every program that `up` needs, and start nothing."""
    show = Show()
    with _one_sentence(show):
        fill_cache(show.report)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(context: typer.Context) -> None:
    """Run a command as the engine would: `python -m sandbox run -- pulumi preview`."""
    with _one_sentence(Show()):
        raise typer.Exit(run_inside(Layout.find(), context.args))


def main() -> None:
    """Run the command line."""
    app(prog_name="python -m sandbox" if sys.argv[0].endswith("__main__.py") else None)
