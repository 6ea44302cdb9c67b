"""The `mlops` command. A new command is a file beside this one and a line at the end of it.

Whatever takes long to import (boto3, Pulumi, pydantic) is imported inside the command that needs
it, so that help and the light commands answer at once.
"""

import typer

from infra.cli.bootstrap import bootstrap
from infra.cli.bundle import bundle
from infra.cli.diff import diff
from infra.cli.doctor import doctor
from infra.cli.explain import explain
from infra.cli.new import new
from infra.cli.validate import validate

app = typer.Typer(
    help="Complete MLOps environments on AWS, each from one stack file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _mlops() -> None:
    """Keep the name of the command necessary, however few commands there are."""


app.command()(bootstrap)
app.command()(doctor)
app.command()(new)
app.command()(validate)
app.command()(explain)
app.command()(diff)
app.command()(bundle)


def main() -> None:
    """Run the command line."""
    app(prog_name="mlops")
