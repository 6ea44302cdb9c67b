"""The rules as a CrossGuard pack, for the engine."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as PackSeverity

from policies import cluster, database, identity, kubernetes, network, stack, storage
from policies.rule import Resource, ResourceRule, Rule, StackRule, plain

RULES: tuple[Rule, ...] = (
    *storage.RULES,
    *database.RULES,
    *cluster.RULES,
    *identity.RULES,
    *network.RULES,
    *kubernetes.RULES,
    *stack.RULES,
)
"""Every rule of the pack, in the order of reports."""


class Pack:
    """The rules with what the engine has shown of the stack so far.

    The engine shows a resource's inputs when it is registered, and its outputs when the stack is
    complete. In the first preview of a stack many outputs do not exist: nothing in a cluster that
    is yet to be made has any. So rules for the whole stack judge the inputs too, which are always
    there, and are the same in an offline plan.
    """

    def __init__(self) -> None:
        self._inputs: dict[str, Any] = {}

    def policies(self) -> list[Policy]:
        """Return every rule in the form the SDK asks for."""
        return [self._policy(rule) for rule in RULES]

    def _policy(self, rule: Rule) -> Policy:
        if isinstance(rule, ResourceRule):
            return ResourceValidationPolicy(
                name=rule.id,
                description=rule.title,
                enforcement_level=EnforcementLevel.MANDATORY,
                severity=PackSeverity(rule.severity.value),
                remediation_steps=rule.fix,
                validate=partial(self.validate_resource, rule),
            )
        return StackValidationPolicy(
            name=rule.id,
            description=rule.title,
            enforcement_level=EnforcementLevel.MANDATORY,
            severity=PackSeverity(rule.severity.value),
            remediation_steps=rule.fix,
            validate=partial(self.validate_stack, rule),
        )

    def validate_resource(
        self, rule: ResourceRule, args: ResourceValidationArgs, report: ReportViolation
    ) -> None:
        """Report what one rule has against one resource, and keep the resource's inputs."""
        inputs = plain(args.props)
        self._inputs[args.urn] = inputs
        resource = Resource(
            type=args.resource_type,
            name=args.name,
            urn=args.urn,
            props=inputs,
            protect=args.opts.protect,
            provider_name=args.provider.name if args.provider else "",
        )
        if rule.applies_to(resource):
            for message in rule.check(resource):
                report(f"{message}. {rule.fix}", None)

    def validate_stack(
        self, rule: StackRule, args: StackValidationArgs, report: ReportViolation
    ) -> None:
        """Report what one rule has against the whole stack."""
        for urn, message in rule.check([self._seen(resource) for resource in args.resources]):
            report(f"{message}. {rule.fix}", urn)

    def _seen(self, resource: PolicyResource) -> Resource:
        return Resource(
            type=resource.resource_type,
            name=resource.name,
            urn=resource.urn,
            props=self._inputs.get(resource.urn) or plain(resource.props),
            protect=resource.opts.protect,
            references=_urns(resource.property_dependencies),
            provider_name=resource.provider.name if resource.provider else "",
        )


def serve() -> None:
    """Offer the pack to the engine; returns when the engine is done."""
    PolicyPack(name="mlops", policies=Pack().policies())


def _urns(dependencies: Mapping[str, Sequence[PolicyResource]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(r.urn for r in found) for key, found in dependencies.items()}
