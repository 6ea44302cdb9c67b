"""`mlops bootstrap`: prepare an AWS account, once."""

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.cli.console import AsJson, CommandFailed, Console

if TYPE_CHECKING:
    from infra.bootstrap.instructions import Prepared
    from infra.bootstrap.run import Wishes
    from infra.bootstrap.steps import Step

_SUMMED = {"would make": "to make", "would repair": "to repair"}
_STYLES = {"found": "dim", "made": "green", "repaired": "yellow"}


def bootstrap(
    *,
    region: Annotated[
        str,
        typer.Option(
            envvar=["AWS_REGION", "AWS_DEFAULT_REGION"],
            help="Region of the state bucket and its key.",
            show_default=False,
        ),
    ] = "",
    bucket: Annotated[
        str,
        typer.Option(help="State bucket.", show_default="mlops-state-ACCOUNT-REGION"),
    ] = "",
    adopt_bucket: Annotated[
        bool, typer.Option("--adopt-bucket", help="Take a bucket that the bootstrap did not make.")
    ] = False,
    allowed_region: Annotated[
        list[str] | None,
        typer.Option(
            help="Region that roles under the boundary may work in; repeat it, or give `all`.",
            show_default="as the boundary says now; all in a new one",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prepare an AWS account: state bucket and key, GitHub's identity provider, boundary.

    Makes what is missing, repairs what is ours and wrong, deletes nothing. Run it again at will.
    """
    from infra.bootstrap.run import Wishes  # noqa: PLC0415

    wishes = Wishes(
        bucket=_bucket(bucket),
        adopt_bucket=adopt_bucket,
        allowed_regions=_regions(allowed_region),
        dry_run=dry_run,
    )
    console = Console(as_json=as_json)
    with console.explained():
        _run(console, _given(region), wishes)


def _run(console: Console, region: str, wishes: "Wishes") -> None:
    from infra.aws.account import open_account  # noqa: PLC0415
    from infra.aws.errors import AwsError, explain  # noqa: PLC0415
    from infra.bootstrap.errors import BootstrapRefused  # noqa: PLC0415
    from infra.bootstrap.run import bootstrap as prepare  # noqa: PLC0415

    document: dict[str, Any] = {"region": region, "dry_run": wishes.dry_run, "steps": []}

    def on_step(step: "Step") -> None:
        document["steps"].append(asdict(step))
        _show(console, step)

    try:
        account = open_account(region)
        document |= {"account_id": account.id, "principal_arn": account.principal_arn}
        console.line(f"Account {account.id}, region {region}, as {account.principal_arn}")
        console.line()
        prepared = prepare(account, wishes, on_step)
    except BootstrapRefused as refusal:
        raise CommandFailed(str(refusal), document) from None
    except AwsError as error:
        text = explain(error) + _what_stays(document["steps"])
        raise CommandFailed(text, document) from None
    _conclude(console, prepared, document)


def _show(console: Console, step: "Step") -> None:
    style = _STYLES.get(step.outcome, "cyan")
    what = f"  {step.setting}" if step.setting else f"{step.part} {step.name}"
    console.styled(f"[{style}]{step.outcome:<12}[/]  {what}")


def _conclude(console: Console, prepared: "Prepared", document: dict[str, Any]) -> None:
    from infra.bootstrap.instructions import next_commands, organisation_lines  # noqa: PLC0415

    counts = Counter(step["outcome"] for step in document["steps"])
    sums = ", ".join(f"{count} {_SUMMED.get(what, what)}" for what, count in counts.items())
    console.line(f"\n{sums}." if not document["dry_run"] else f"\nNothing was changed: {sums}.")
    if not document["dry_run"]:
        commands = next_commands(prepared.bucket, document["region"])
        lines = organisation_lines(prepared)
        document |= {"prepared": asdict(prepared), "next_commands": commands, "defaults": lines}
        console.line("\nstacks/defaults.yaml, for every stack in this account:\n")
        console.line(lines)
        console.line("Then, for each stack:\n")
        for command in commands:
            console.line(f"  {command}")
    console.document(document)


def _what_stays(steps: list[dict[str, Any]]) -> str:
    done = sum(step["outcome"] in ("made", "repaired") for step in steps)
    if not done:
        return ""
    return f" What was done so far ({done}) stays; the same command goes on from there."


def _bucket(name: str) -> str:
    from infra.bootstrap.names import is_bucket_name  # noqa: PLC0415

    if name and not is_bucket_name(name):
        raise typer.BadParameter(
            f"{name!r} cannot be the name of a state bucket; allowed: 3 to 63 lower-case letters, "
            "digits and inner hyphens, without the beginnings and ends that S3 keeps for itself",
            param_hint="--bucket",
        )
    return name


def _given(region: str) -> str:
    if not region:
        raise typer.BadParameter(
            "no region is given; name the one of the state bucket, or set AWS_REGION",
            param_hint="--region",
        )
    return _region(region, "--region")


def _regions(given: list[str] | None) -> list[str] | None:
    if given == ["all"]:
        return []
    return [_region(region, "--allowed-region") for region in given] if given else None


def _region(code: str, option: str) -> str:
    from infra.config.checks import unknown_region  # noqa: PLC0415

    if sentence := unknown_region(code):
        raise typer.BadParameter(f"it {sentence}", param_hint=option)
    return code
