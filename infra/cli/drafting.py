"""From what `mlops new` was given to a stack file that is right."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import typer

from infra.bootstrap.names import KEY_ALIAS
from infra.cli.console import CommandFailed, WrongUsage
from infra.cli.project import Project, shown
from infra.cli.questions import Question, answer, missing, problems, wrong_flags
from infra.config.address_plan import next_free
from infra.config.document import REGION_KEY, from_text
from infra.config.draft import LABEL, Draft
from infra.config.files import file_of
from infra.config.view import View

SCHEMA_FILE = "stack.schema.json"
"""Where a folder has it, editors check stack files that name it."""


def begin(name: str, flags: Mapping[str, str | None]) -> Draft:
    """Return the draft that the flags make, which may lack answers."""
    given = {key: answer(key, text) for key, text in flags.items() if text is not None}
    return Draft(name, given)


def complete(project: Project, draft: Draft, *, ask: bool, force: bool) -> Draft:
    """Return the draft with everything that a stack file needs, or refuse it.

    What is missing is asked for, or counts as wrong where nobody can be asked. An existing file is
    refused as soon as its name is known, unless with `force`.
    """
    if not force:
        _refuse_to_overwrite(project, draft)
    refused = wrong_flags(project, draft)
    questions = missing(project, draft)
    if not ask:
        refused |= {each.flag: f"is missing: {each.text}" for each in questions}
    if refused:
        lines = "\n".join(f"  {flag} {problem}" for flag, problem in refused.items())
        text = f"No stack file can be written from this:\n{lines}"
        raise WrongUsage(text, {"problems": refused})
    for question in questions:
        draft = draft.with_answer(question.key, _asked(project, draft, question))
        if not force:
            _refuse_to_overwrite(project, draft)
    return _with_free_range(project, draft)


def write(project: Project, draft: Draft) -> Path:
    """Write the stack file, unless it would be refused, and return where it is."""
    text = draft.text()
    if (project.folder / SCHEMA_FILE).exists():
        text = f"# yaml-language-server: $schema={SCHEMA_FILE}\n{text}"
    findings = project.view_of(draft.stack, from_text(text, LABEL)).findings
    if findings:
        found = "\n".join(f"  {finding}" for finding in findings)
        raise CommandFailed(f"The new stack file would be refused:\n{found}")
    file = file_of(draft.stack, project.folder)
    file.write_text(text, encoding="utf-8")
    return file


def next_steps(project: Project, draft: Draft) -> list[str]:
    """Return what to do with the new file, as commands."""
    stack, region = draft.stack, draft.answers[REGION_KEY]
    platform = project.view_of(stack, draft.document()).value("platform")
    steps = [f"mlops explain {stack}", f"make up STACK={stack}"]
    if platform:
        steps.append(f"pulumi up --stack {platform} --policy-pack policies")
    return [
        *steps,
        f"pulumi stack init {stack} --secrets-provider 'awskms://{KEY_ALIAS}?region={region}'",
        f"pulumi up --stack {stack} --policy-pack policies",
    ]


def _refuse_to_overwrite(project: Project, draft: Draft) -> None:
    file = file_of(draft.stack, project.folder)
    if file.exists():
        raise CommandFailed(f"{shown(file)} is there already; --force overwrites it.")


def _asked(project: Project, draft: Draft, question: Question) -> Any:
    def checked(text: str) -> Any:
        value = answer(question.key, text.strip())
        problem = problems(project, draft.with_answer(question.key, value)).get(question.key)
        if problem:
            raise typer.BadParameter(f"it {problem}")
        return value

    try:  # standard output is for the result
        return typer.prompt(question.text, value_proc=checked, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None


def _with_free_range(project: Project, draft: Draft) -> Draft:
    """Return the draft with another range for its network, if the default is taken."""
    wanted = _network(project.view_of(draft.stack, draft.document()))
    if wanted is None:
        return draft
    views = [project.view(file) for file in project.stack_files]
    taken = [network for view in views if view.stack != draft.stack if (network := _network(view))]
    found = next_free(wanted, taken)
    if found is None:
        raise CommandFailed("The networks of the other stack files take every private address.")
    return draft if found == wanted else draft.with_answer("network.cidr", str(found))


def _network(view: View) -> IPv4Network | None:
    """Return the range of a stack's network; None if it has none, or one that is refused."""
    try:
        return IPv4Network(str(view.value("network.cidr")))
    except ValueError:
        return None
