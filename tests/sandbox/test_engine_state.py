"""What a killed engine leaves in its state is read from the files it writes."""

import json

import pytest

from sandbox.engine_state import EngineState, PendingOperation
from sandbox.layout import Layout

URN = "urn:pulumi:demo-dev::mlops::{type}::{name}"


def write_checkpoint(layout: Layout, *pending: tuple[str, str, str]) -> None:
    """Write a state in which `(operation, type, name)` are open."""
    operations = [
        {"resource": {"urn": URN.format(type=type_, name=name), "type": type_}, "type": operation}
        for operation, type_, name in pending
    ]
    file = layout.state / ".pulumi" / "stacks" / "mlops" / "demo-dev.json"
    file.parent.mkdir(parents=True)
    latest = {"resources": [], "pending_operations": operations} if operations else None
    file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))


def write_history(layout: Layout, kind: str, result: str) -> None:
    """Write down how an update ended."""
    file = layout.state / ".pulumi" / "history" / "mlops" / "demo-dev" / "demo-dev-1.history.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"kind": kind, "result": result}))


def test_an_empty_sandbox_has_no_state(layout: Layout) -> None:
    state = EngineState(layout)
    assert not state.has_stacks()
    assert not state.was_ever_complete("demo-dev")
    assert state.pending() == []
    assert not state.unlock()


def test_a_stack_without_resources_has_nothing_pending(layout: Layout) -> None:
    write_checkpoint(layout)
    assert EngineState(layout).has_stacks()
    assert EngineState(layout).pending() == []


def test_open_operations_are_listed(layout: Layout) -> None:
    write_checkpoint(layout, ("creating", "aws:rds/instance:Instance", "database"))
    [operation] = EngineState(layout).pending()
    assert operation == PendingOperation(
        "aws:rds/instance:Instance", "database", "demo-dev", "creating"
    )


@pytest.mark.parametrize(
    ("operation", "type_", "expected"),
    [
        ("creating", "aws:rds/instance:Instance", True),
        ("updating", "aws:rds/instance:Instance", False),
        ("deleting", "aws:rds/instance:Instance", False),
        ("creating", "kubernetes:core/v1:Namespace", False),
    ],
)
def test_only_a_creation_in_aws_may_leave_an_orphan(
    operation: str, type_: str, *, expected: bool
) -> None:
    assert PendingOperation(type_, "name", "demo-dev", operation).may_be_orphan is expected


@pytest.mark.parametrize(
    ("kind", "result", "complete"),
    [
        ("update", "succeeded", True),
        ("update", "failed", False),
        ("destroy", "succeeded", False),
    ],
)
def test_only_a_successful_update_completes_a_stack(
    layout: Layout, kind: str, result: str, *, complete: bool
) -> None:
    write_history(layout, kind, result)
    assert EngineState(layout).was_ever_complete("demo-dev") is complete
    assert not EngineState(layout).was_ever_complete("demo")


def test_locks_are_removed(layout: Layout) -> None:
    lock = layout.state / ".pulumi" / "locks" / "organization" / "mlops" / "demo-dev" / "1.json"
    lock.parent.mkdir(parents=True)
    lock.write_text("{}")
    assert EngineState(layout).unlock()
    assert not lock.exists()
    assert not EngineState(layout).unlock()


def test_only_a_stack_with_resources_counts_as_up(layout: Layout) -> None:
    write_checkpoint(layout)
    stacks = layout.state / ".pulumi" / "stacks" / "mlops"
    latest = {"resources": [{"urn": "urn:pulumi:demo-stage::mlops::pulumi:pulumi:Stack::s"}]}
    checkpoint = {"version": 3, "checkpoint": {"latest": latest}}
    (stacks / "demo-stage.json").write_text(json.dumps(checkpoint))
    assert EngineState(layout).stacks_with_resources() == ["demo-stage"]
