"""Go on after a command that was killed, or after the machine was.

The servers of a killed command live on and are used again. Its engine may live on too: it is
asked to stop in an orderly way, so that the state tells what exists. What cannot be gone on with
is started afresh, since nothing here costs more than minutes.
"""

import json
import signal

from sandbox import emulated_aws, processes
from sandbox.engine import ENGINE, Engine
from sandbox.engine_state import EngineState
from sandbox.layout import Layout
from sandbox.record import Record
from sandbox.toolbox import Report

CANCEL_SECONDS = 150.0
"""Longer than the slowest operation here: the database's provider sleeps for 80 s."""


def stop_leftovers(layout: Layout, record: Record, report: Report) -> None:
    """Stop what a killed command left running, except for the servers it wrote down."""
    if running := record.running(ENGINE):
        title = f"Stopping the engine of a killed run in an orderly way (process {running.pid})"
        with report.step(title):
            running.send_signal(signal.SIGINT)
            for deaf in processes.still_running_after([running], CANCEL_SECONDS):
                deaf.kill()
    record.forget(ENGINE)
    servers = {identity.pid for name, identity in record.processes.items() if record.running(name)}
    leftovers = [p for p in processes.belonging_to(layout.root) if p.pid not in servers]
    processes.stop(leftovers)


def reason_to_start_afresh(layout: Layout, record: Record) -> str:
    """Say why the old state is of no use; nothing if it is."""
    state = EngineState(layout)
    if not state.has_stacks():
        return ""
    if not emulated_aws.is_intact(record):
        return "The emulated AWS has ended since the last run and forgot what it held."
    orphans = [
        operation.name
        for operation in state.pending()
        if operation.may_be_orphan and not state.was_ever_complete(operation.stack)
    ]
    if orphans:
        return f"The engine was killed while creating {', '.join(orphans)}, before all was up once."
    return ""


def reopen_state(engine: Engine) -> str:
    """Make a state usable again whose engine was killed; say what was done, if anything was."""
    state = EngineState(engine.layout)
    was_locked = state.unlock()
    open_operations = [
        f"{pending.operation} {pending.name}"
        for pending in state.pending()
        if pending.stack == engine.stack
    ]
    if not open_operations:
        return "The engine of the last run was killed; its lock is removed." if was_locked else ""
    exported = json.loads(engine.ask("stack", "export", "--stack", engine.stack))
    exported["deployment"].pop("pending_operations", None)
    engine.ask("stack", "import", "--stack", engine.stack, text=json.dumps(exported))
    return f"The engine of the last run was killed while {', '.join(open_operations)}; going on."
