"""From documents to one frozen model, or to everything that is wrong with them at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from infra.config import profiles
from infra.config.checks import (
    disagreement,
    organisation_problems,
    placeholders,
    region_problems,
    stack_problems,
)
from infra.config.choices import Stage
from infra.config.document import OBJECT_KEY, REGION_KEY, Document, KeyPath, shown_key
from infra.config.explanations import problems
from infra.config.findings import ConfigError, Finding
from infra.config.layers import Layer, LayerName, Merged, Origin, merge
from infra.config.model import Environment
from infra.config.rules import broken_rules

NO_DEFAULTS = Document("no organisation", {OBJECT_KEY: {}})


@dataclass(frozen=True)
class StackConfig:
    """Everything a stack is told."""

    stack: str
    """Name of the stack, `<team>-<stage>`."""
    region: str
    """AWS region of everything in it."""
    environment: Environment
    origins: Mapping[KeyPath, Origin]
    """Where each value of the environment came from."""


def load(stack: str, given: Document, organisation: Document = NO_DEFAULTS) -> StackConfig:
    """Lay all layers over each other and check the outcome; raise ConfigError if it is wrong.

    `given` is what the stack file says, `organisation` what `stacks/defaults.yaml` says.
    """
    findings = [*given.findings, *organisation.findings]
    if any(not finding.key for finding in findings):
        raise ConfigError(stack, findings)  # a file without content has nothing to check
    findings += _located([given], [*stack_problems(given), *region_problems(given)])
    findings += _located([organisation], organisation_problems(organisation))
    if not (isinstance(given.environment, dict) and isinstance(organisation.environment, dict)):
        raise ConfigError(stack, findings)  # what is no map cannot be laid over another

    merged = merge(_layers(given, organisation))
    findings += _located([given, organisation], _environment_problems(stack, merged))
    if findings:
        raise ConfigError(stack, findings)
    return StackConfig(
        stack=stack,
        region=given.config[REGION_KEY],
        environment=Environment.model_validate_json(json.dumps(merged.values)),
        origins=merged.origins,
    )


def _layers(given: Document, organisation: Document) -> list[Layer]:
    named = given.environment.get("stage")
    # An unknown stage is an error of its own; any profile keeps the others findable.
    stage = Stage(named) if named in list(Stage) else Stage.DEV
    return [
        Layer(LayerName.PACKAGE, profiles.package_defaults()),
        Layer(LayerName.PROFILE, profiles.profile(stage)),
        Layer(LayerName.ORGANISATION, organisation.environment, organisation),
        Layer(LayerName.STACK, given.environment, given),
    ]


def _environment_problems(stack: str, merged: Merged) -> list[tuple[KeyPath, str]]:
    """Return key and sentence of all that is wrong, one for each key."""
    found = dict(placeholders(merged.values))
    try:
        Environment.model_validate_json(json.dumps(merged.values))
    except ValidationError as error:
        found = dict(problems(error)) | found
    refused = set(found)
    found |= dict(disagreement(stack, merged.values, refused))
    found |= dict(broken_rules(merged.values, refused))
    return [((OBJECT_KEY, *path), sentence) for path, sentence in found.items()]


def _located(documents: Sequence[Document], found: Iterable[tuple[KeyPath, str]]) -> list[Finding]:
    """Return findings with the place that says what is wrong, or where it should be said."""
    findings = []
    for path, sentence in found:
        source = next((each for each in documents if each.says(path)), documents[0])
        findings.append(Finding(shown_key(path), sentence, source.label, source.line_of(path)))
    return findings
