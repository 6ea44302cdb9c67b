"""A vendor, a `PATH` and a `go` of the tests' own: nothing of this machine or the network."""

import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sandbox.toolbox import transfer
from sandbox.toolbox.progress import Step
from sandbox.toolbox.versions import GoModules, Group, OnPath, Release, ToolSet

FAKE_GO = """\
#!{python}
import json, os, pathlib, sys

here = pathlib.Path(__file__).parent
if sys.argv[1] == "env":
    answers = {{name: os.environ.get("FAKE_" + name, "") for name in sys.argv[3:]}}
    answers["GOVERSION"] = answers["GOVERSION"] or "go1.30.1"
    answers["GOTOOLCHAIN"] = answers["GOTOOLCHAIN"] or "local"
    print(json.dumps(answers))
    sys.exit()
(here / "go-call.json").write_text(json.dumps(dict(args=sys.argv, env=dict(os.environ))))
print("go: downloading example.invalid/x v1.0.0", "internal/abi", "a/b", sep="\\n", file=sys.stderr)
if reason := os.environ.get("FAKE_FAILURE"):
    print(reason, file=sys.stderr)
    sys.exit(1)
output = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
for package in sys.argv[sys.argv.index("-o") + 2:]:
    program = output / package.rpartition("/")[2]
    program.write_text("built by go")
    program.chmod(0o755)
"""


@dataclass
class Vendor:
    """A server of releases."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    breaks_off: bool = False
    """Promise more bytes than come."""

    def publish(self, name: str, content: bytes, checksum: str | None = None) -> None:
        """Serve a file and, unless told another one, its true checksum."""
        self.files[f"/{name}"] = content
        digest = checksum or hashlib.sha256(content).hexdigest()
        self.files["/SHA256SUMS"] = (
            self.files.get("/SHA256SUMS", b"") + f"{digest}  {name}\n".encode()
        )


@dataclass
class Machine:
    """The variables of a process, and the directories they name."""

    bin: Path
    cache: Path
    environment: dict[str, str]

    def add_program(self, name: str, version: str) -> Path:
        """Put a program on `PATH`."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\necho {name} v{version} go1.99.0\n")
        path.chmod(0o755)
        return path

    def add_go(self) -> None:
        """Put a `go` on `PATH` that builds without compiling."""
        path = self.bin / "go"
        path.write_text(FAKE_GO.format(python=sys.executable))
        path.chmod(0o755)


class Recorder:
    """Remembers what was reported."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.said: list[str] = []
        self.news: list[str] = []

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        self.steps.append(title)
        yield self

    def advance(self, text: str) -> None:
        self.news.append(text)

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(transfer, "_unreachable", {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            content = served.files.get(self.path)
            self.send_response(404 if content is None else 200)
            missing_bytes = 1 if served.breaks_off and self.path != "/SHA256SUMS" else 0
            self.send_header("Content-Length", str(len(content or b"") + missing_bytes))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args: object) -> None:
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = Vendor(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield served
        server.shutdown()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for name in ("bin", "home"):
        (tmp_path / name).mkdir()
    return Machine(
        bin=tmp_path / "bin",
        cache=tmp_path / "cache",
        environment={
            "PATH": str(tmp_path / "bin"),
            "HOME": str(tmp_path / "home"),
            "MLOPS_TOOL_CACHE": str(tmp_path / "cache"),
        },
    )


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """Build lists that ask for Go 1.25.2."""
    source = tmp_path / "modules" / Group.ETCD
    source.mkdir(parents=True)
    (source / "go.mod").write_text("module toolbox.invalid/etcd\n\ngo 1.25.2\n")
    return source.parent


@pytest.fixture
def tools(vendor: Vendor) -> ToolSet:
    """Two programs, each with a release of its own."""
    return ToolSet(
        group=Group.ETCD,
        version="1.2.3",
        programs=("one", "two"),
        on_path=OnPath(at_least=(1, 2)),
        release=Release(
            url=f"{vendor.url}/{{program}}",
            checksums=f"{vendor.url}/SHA256SUMS",
            systems=("linux", "darwin"),
        ),
        go=GoModules(packages=("example.invalid/cmd/one", "example.invalid/cmd/two")),
    )


@pytest.fixture
def report() -> Recorder:
    return Recorder()
