"""From documents to one frozen model, or to everything that is wrong with them at once."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from infra.config.checks import (
    disagreement,
    foreign_key,
    organisation_problems,
    placeholders,
    region_problems,
    stack_problems,
    version_problems,
)
from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document, KeyPath, shown_key
from infra.config.explanations import problems
from infra.config.findings import ConfigError, Finding
from infra.config.immutable import changes, immutable
from infra.config.kinds import Kind
from infra.config.layers import Merged, Origin, merge
from infra.config.model import Settings
from infra.config.neighbours import CIDR, Claim, overlap, unfit_platform
from infra.config.plain_secrets import plain_secrets
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

    @property
    def immutable(self) -> dict[str, str]:
        """What must never change once it is deployed, by key."""
        return immutable(self.settings.model_dump(mode="json"), self.region)


def load(
    stack: str,
    given: Document,
    organisation: Document = NO_DEFAULTS,
    *,
    claims: Sequence[Claim] = (),
    deployed: Mapping[str, str] | None = None,
) -> StackConfig:
    """Lay all layers over each other and check the outcome; raise ConfigError if it is wrong.

    `given` is what the stack file says, `organisation` what `stacks/defaults.yaml` says, `claims`
    what the stack files of the folder claim, and `deployed` the immutable settings of the last
    deployment. What is left out is not checked.
    """
    findings = [*given.findings, *organisation.findings]
    if any(not finding.key for finding in findings):
        raise ConfigError(stack, findings)  # a file without content has nothing to check
    hidden: list[KeyPath] = []
    for document in (given, organisation):
        secrets = dict(plain_secrets(document.config))
        findings += _located([document], secrets.items())
        hidden += secrets
    versions = [
        finding
        for document in (given, organisation)
        for finding in _located([document], version_problems(document), hidden)
    ]
    if versions:  # of another shape, so all else would seem wrong as well
        raise ConfigError(stack, [*findings, *versions])
    region_found = list(region_problems(given))
    findings += _located([given], [*stack_problems(given), *region_found], hidden)
    findings += _located([organisation], organisation_problems(organisation), hidden)
    key = given.object_key
    if key not in given.config or not all(
        isinstance(each.settings(key), dict) for each in (given, organisation)
    ):
        raise ConfigError(stack, findings)  # what is no map cannot be laid over another

    kind = Kind.of(given, organisation)
    merged = merge(kind.layers(given, organisation))
    found = _problems(stack, given.config.get(REGION_KEY), kind, merged)
    findings += _located([given, organisation], _below(key, found.items()), hidden)
    if not region_found and ("stage",) not in found:
        told = _contradictions(stack, given.config[REGION_KEY], merged, claims, deployed or {})
        unrefused = [(path, text) for path, text in told.items() if not _lies_in(path, found)]
        findings += _located([given], _below(key, unrefused), hidden)
    if findings:
        raise ConfigError(stack, findings)
    return StackConfig(
        stack=stack,
        region=given.config[REGION_KEY],
        settings=kind.model.model_validate_json(json.dumps(merged.values)),
        origins=merged.origins,
    )


def _problems(stack: str, region: object, kind: Kind, merged: Merged) -> dict[KeyPath, str]:
    """Return key and sentence of all that is wrong with the settings, one for each key."""
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
    return found


def _contradictions(
    stack: str,
    region: str,
    merged: Merged,
    claims: Sequence[Claim],
    deployed: Mapping[str, str],
) -> dict[KeyPath, str]:
    """Return key and sentence of what does not fit the last deployment or the other files."""
    now = immutable(merged.values, region)
    found = dict(unfit_platform(region, merged, claims))
    if deployed.get(".".join(CIDR)) != now.get(".".join(CIDR)):
        found |= dict(overlap(stack, merged, claims))
    return found | {tuple(key.split(".")): text for key, text in changes(deployed, now)}


def _below(object_key: str, found: Iterable[tuple[KeyPath, str]]) -> list[tuple[KeyPath, str]]:
    """Return findings with full paths; the region does not lie below the settings."""
    return [
        (path if path == (REGION_KEY,) else (object_key, *path), sentence)
        for path, sentence in found
    ]


def _located(
    documents: Sequence[Document],
    found: Iterable[tuple[KeyPath, str]],
    hidden: Collection[KeyPath] = (),
) -> list[Finding]:
    """Return findings with the place that says what is wrong, or where it should be said.

    A finding at or below a hidden path is left out: it might quote what must not be quoted.
    """
    findings = []
    for path, sentence in found:
        if not _lies_in(path, hidden):
            source = next((each for each in documents if each.says(path)), documents[0])
            findings.append(Finding(shown_key(path), sentence, source.label, source.line_of(path)))
    return findings


def _lies_in(path: KeyPath, blocks: Collection[KeyPath]) -> bool:
    return any(path[:end] in blocks for end in range(len(path) + 1))
