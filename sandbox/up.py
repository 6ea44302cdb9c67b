"""`up`: everything running, then `pulumi up` of one stack file by the real engine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import auto_mode, control_plane, emulated_aws, lock, plugin_sources, recovery
from sandbox.down import clear
from sandbox.engine import Engine
from sandbox.layout import Layout
from sandbox.platforms import platform_of, refuse_another_platform
from sandbox.programs import obtain_programs
from sandbox.project import Project, link
from sandbox.record import Record
from sandbox.show import Show
from sandbox.toolbox import drop_go_caches


@dataclass(frozen=True)
class UpResult:
    """What `up` has to tell at the end."""

    stack: str
    outputs: dict[str, Any]
    """Secrets are masked."""
    changes: dict[str, int]
    """Operation of the engine -> number of resources."""
    aws_endpoint: str
    kubeconfig: str


def up(layout: Layout, stack: str, show: Show, options: Sequence[str] = ()) -> UpResult:
    """Bring up the sandbox and the stack; `options` go to `pulumi up`.

    A stack that shares a platform gets that one first.
    """
    project = Project.read(layout.project)
    platform = platform_of(project, stack)
    with lock.held(layout, f"up {stack}"):
        refuse_another_platform(layout, project, platform)
        if platform != stack:
            prepare(layout, project, platform, show).up(options, show)
        engine = prepare(layout, project, stack, show)
        engine.up(options, show)
        return UpResult(
            stack=stack,
            outputs=engine.outputs(),
            changes=engine.changes(),
            aws_endpoint=emulated_aws.endpoint(engine.record, emulated_aws.AWS),
            kubeconfig=str(layout.kubeconfig),
        )


def prepare(layout: Layout, project: Project, stack: str, show: Show) -> Engine:
    """Start or find everything that the engine needs; the caller holds the sandbox's lock."""
    record = Record.load(layout.record)
    recovery.stop_leftovers(layout, record, show.report)
    if reason := recovery.reason_to_start_afresh(layout, record):
        show.say(f"{reason} Starting afresh.")
        record = clear(layout)
    # Before anything starts, so that nothing is left running where a port cannot be had.
    emulated_aws.check_ports(record)
    control_plane.check_ports(record)
    layout.create()

    programs = obtain_programs(show.report)
    sources = plugin_sources.choose(layout, programs.pulumi, show.report)
    # Every program is built now, and what Go downloaded for it is many times its size.
    drop_go_caches(show.report)
    for source in sources:
        show.say(
            f"{source.name} plug-in: {'official' if source.official else 'stand-in'}, {source.why}"
        )

    with show.report.step("Starting emulated AWS"):
        emulated_aws.start(layout, record)
    with show.report.step("Starting the Kubernetes control plane"):
        control_plane.start(layout, record, programs.control_plane)
        auto_mode.install(layout.kubeconfig)
    _write_target(layout, record)

    link(project, stack, layout)
    engine = Engine(layout, record, programs.pulumi, project, stack)
    if recovered := recovery.reopen_state(engine):
        show.say(recovered)
    engine.select_stack()
    return engine


def _write_target(layout: Layout, record: Record) -> None:
    target = {
        "aws_endpoint": emulated_aws.endpoint(record, emulated_aws.AWS),
        "aws_endpoints": dict.fromkeys(
            emulated_aws.SERVICES_OF_METRICS, emulated_aws.endpoint(record, emulated_aws.METRICS)
        ),
        "kubeconfig": str(layout.kubeconfig),
        # The stand-in for the Kubernetes plug-in has no Helm in it.
        "charts_install": False,
    }
    layout.target.write_text(json.dumps(target, indent=2))
