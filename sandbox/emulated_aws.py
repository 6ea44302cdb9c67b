"""Emulated AWS: ministack, and moto for the services that ministack lacks or half has.

Both keep everything in memory. A server that died has forgotten what the engine's state still
lists, so the sandbox asks `is_intact` before it goes on with an old state.
"""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sandbox import health, ports, processes
from sandbox.environment import LOOPBACK, isolated
from sandbox.layout import Layout
from sandbox.record import Record

READY_SECONDS = 60.0
ACCOUNT_ID = "123456789012"
"""The one account that both emulators are."""


@dataclass(frozen=True)
class Emulator:
    """One server that answers as AWS does."""

    name: str
    """The product's."""
    port_of: str
    """What it is called where ports are fixed."""
    ready_path: str
    """Answers 200 as soon as requests are served."""


AWS = Emulator("ministack", "aws", "/_ministack/ready")
METRICS = Emulator("moto", "metrics", "/moto-api/")
EMULATORS = (AWS, METRICS)
SERVICES_OF_METRICS = ("amp", "cloudwatch")
"""Alarms are read through an old protocol, in whose answers ministack leaves half of them out."""


def endpoint(record: Record, emulator: Emulator) -> str:
    """Return the URL of a running emulator."""
    return f"http://{LOOPBACK}:{record.ports[emulator.name]}"


def is_intact(record: Record) -> bool:
    """Whether the servers of an earlier run are still there, with all they hold."""
    return all(_serves(record, emulator) for emulator in EMULATORS)


def check_ports(record: Record) -> None:
    """Refuse ports that the emulators cannot have."""
    for emulator in EMULATORS:
        has = record.ports[emulator.name] if _serves(record, emulator) else None
        ports.check(emulator.port_of, has)


def start(layout: Layout, record: Record) -> None:
    """Start what does not answer and wait until it does."""
    started = [emulator for emulator in EMULATORS if not _serves(record, emulator)]
    for emulator in started:
        if mute := record.running(emulator.name):
            processes.stop([mute])
        port = ports.choose(emulator.port_of)
        server = processes.start(
            emulator.name,
            _arguments(emulator, port),
            {**isolated(layout), **_settings(layout, port)},
            log_of(layout, emulator),
        )
        record.remember(server, port)
    for emulator in started:
        health.wait_until_ready(
            record.processes[emulator.name],
            partial(_serves, record, emulator),
            log_of(layout, emulator),
            READY_SECONDS,
        )


def log_of(layout: Layout, emulator: Emulator) -> Path:
    """Return the file an emulator writes its log to."""
    return layout.logs / f"{emulator.name}.log"


def _serves(record: Record, emulator: Emulator) -> bool:
    return record.running(emulator.name) is not None and health.answers(
        endpoint(record, emulator) + emulator.ready_path
    )


def _arguments(emulator: Emulator, port: int) -> list[str]:
    if emulator is AWS:
        return [sys.executable, "-m", "sandbox.emulated_account"]
    return [sys.executable, "-m", "sandbox.emulated_metrics", "-H", LOOPBACK, "-p", str(port)]


def _settings(layout: Layout, port: int) -> dict[str, str]:
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MOTO_ACCOUNT_ID": ACCOUNT_ID,
        # Servers of its own on fixed ports, for services nobody uses here.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Where Docker runs it would start a database and a cluster in containers; nothing of
        # ours needs them, and `down` would have to find them.
        "DOCKER_HOST": f"unix://{layout.root}/no-docker",
    }
