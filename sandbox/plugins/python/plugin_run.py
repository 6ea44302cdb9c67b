"""One run of a plug-in written in Python: a policy pack, a provider, a tool."""

import json
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.plugins import protocol
from sandbox.plugins.python.children import Children, line_of, output_of
from sandbox.plugins.python.interpreter import Interpreter, OptionError
from sandbox.plugins.python.policy_proxy import PolicyProxy

if TYPE_CHECKING:
    from pulumi.runtime.proto import analyzer_pb2, language_pb2
else:
    (analyzer_pb2,) = protocol("analyzer_pb2")

ANALYZER = "analyzer"
"""The engine's kind of a policy pack."""

Output = Iterator[tuple[str, bytes | int]]
"""What goes to the engine: ("stdout" or "stderr", bytes), and at last ("exitcode", number)."""


def run_plugin(
    request: "language_pb2.RunPluginRequest",
    *,
    chosen: Interpreter,
    children: Children,
    context: Any,
) -> Output:
    """Run a plug-in and yield what it writes."""
    given = dict(item.split("=", 1) for item in request.env if "=" in item)
    if request.kind == ANALYZER:
        yield from _run_policy_pack(
            request, chosen=chosen, children=children, context=context, given=given
        )
        return
    process = children.start(
        [str(chosen.python), *_plugin_arguments(request)],
        environment=chosen.environment(given),
        directory=request.pwd or None,
        piped=True,
    )
    context.add_callback(lambda: children.interrupt(process))
    yield from _to_the_end(process, children)


def _run_policy_pack(
    request: "language_pb2.RunPluginRequest",
    *,
    chosen: Interpreter,
    children: Children,
    context: Any,
    given: dict[str, str],
) -> Output:
    """Run a pack behind a proxy, for it wants to know its stack before it starts."""
    proxy = PolicyProxy()
    try:
        yield "stdout", f"{proxy.port}\n".encode()
        if not proxy.wait_for_stack(context.is_active):
            return
        directory = request.info.program_directory
        process = children.start(
            [str(chosen.python), "-u", "-m", "pulumi.policy", *request.args, directory],
            environment=chosen.environment({**given, **stack_variables(proxy.stack)}),
            directory=directory,
            piped=True,
        )
        context.add_callback(lambda: children.interrupt(process))
        port = line_of(process).strip()
        if port.isdigit():
            proxy.attach(int(port))
        else:
            proxy.fail("policy pack not started: it ended before it served, see its output")
        yield from _to_the_end(process, children)
    finally:
        proxy.close()


def _to_the_end(process: "subprocess.Popen[bytes]", children: Children) -> Output:
    yield from output_of(process)
    yield "exitcode", children.wait(process)


def stack_variables(configuration: bytes | None) -> dict[str, str]:
    """Return the environment variables that tell a pack about its stack."""
    if configuration is None:
        return {}
    stack = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(configuration)
    variables = {
        "PULUMI_ORGANIZATION": stack.organization,
        "PULUMI_PROJECT": stack.project,
        "PULUMI_STACK": stack.stack,
        "PULUMI_DRY_RUN": str(stack.dry_run).lower(),
        "PULUMI_CONFIG": json.dumps(dict(stack.config)),
    }
    return {name: value for name, value in variables.items() if value}


def _plugin_arguments(request: "language_pb2.RunPluginRequest") -> list[str]:
    """Return how Python runs a plug-in: its `__main__.py`, else the package it can be built as."""
    directory = Path(request.info.program_directory)
    if (directory / "__main__.py").is_file():
        return [str(directory), *request.args]
    project = directory / "pyproject.toml"
    if not project.is_file():
        raise OptionError(
            f"the plug-in in {directory} is not runnable: it has neither __main__.py nor "
            "a pyproject.toml; add one of them"
        )
    name: str = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["name"]
    return ["-m", "pulumi.run.plugin", name, *request.args]
