"""From documents to one frozen model, or to everything that is wrong with them at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from infra.config.checks import (
    disagreement,
    foreign_key,
    organisation_problems,
    placeholders,
    region_problems,
    stack_problems,
)
from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document, KeyPath, shown_key
from infra.config.explanations import problems
from infra.config.findings import ConfigError, Finding
from infra.config.kinds import Kind
from infra.config.layers import Merged, Origin, merge
from infra.config.model import Settings
from infra.config.rules import broken_rules
from infra.config.superseded import superseded

NO_DEFAULTS = Document("no organisation", {ENVIRONMENT_KEY: {}})


@dataclass(frozen=True)
class StackConfig:
    """Everything a stack is told."""

    stack: str
    """Name of the stack, `<team>-<stage>` or `<platform>-<stage>`."""
    region: str
    """AWS region of everything in it."""
    settings: Settings
    """What stands in the file, with everything that was left out."""
    origins: Mapping[KeyPath, Origin]
    """Where each of the settings came from."""


def load(stack: str, given: Document, organisation: Document = NO_DEFAULTS) -> StackConfig:
    """Lay all layers over each other and check the outcome; raise ConfigError if it is wrong.

    `given` is what the stack file says, `organisation` what `stacks/defaults.yaml` says.
    """
    findings = [*given.findings, *organisation.findings]
    if any(not finding.key for finding in findings):
        raise ConfigError(stack, findings)  # a file without content has nothing to check
    findings += _located([given], [*stack_problems(given), *region_problems(given)])
    findings += _located([organisation], organisation_problems(organisation))
    key = given.object_key
    if key not in given.config or not all(
        isinstance(each.settings(key), dict) for each in (given, organisation)
    ):
        raise ConfigError(stack, findings)  # what is no map cannot be laid over another

    kind = Kind.of(given, organisation)
    merged = merge(kind.layers(given, organisation))
    findings += _located(
        [given, organisation], _problems(stack, given.config.get(REGION_KEY), kind, merged)
    )
    if findings:
        raise ConfigError(stack, findings)
    return StackConfig(
        stack=stack,
        region=given.config[REGION_KEY],
        settings=kind.model.model_validate_json(json.dumps(merged.values)),
        origins=merged.origins,
    )


def _problems(stack: str, region: object, kind: Kind, merged: Merged) -> list[tuple[KeyPath, str]]:
    """Return key and sentence of all that is wrong, one for each key."""
    found = dict(placeholders(merged.values))
    try:
        kind.model.model_validate_json(json.dumps(merged.values))
    except ValidationError as error:
        found = dict(problems(error, kind.model)) | found
    refused = set(found)
    found |= dict(disagreement(stack, merged.values, refused))
    found |= dict(broken_rules(merged.values, refused))
    found |= dict(foreign_key(region, merged.values, refused))
    found |= dict(superseded(merged))
    return [((kind.object_key, *path), sentence) for path, sentence in found.items()]


def _located(documents: Sequence[Document], found: Iterable[tuple[KeyPath, str]]) -> list[Finding]:
    """Return findings with the place that says what is wrong, or where it should be said."""
    findings = []
    for path, sentence in found:
        source = next((each for each in documents if each.says(path)), documents[0])
        findings.append(Finding(shown_key(path), sentence, source.label, source.line_of(path)))
    return findings
