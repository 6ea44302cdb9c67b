"""The rules as a CrossGuard pack, for the engine."""

from collections.abc import Mapping, Sequence
from functools import partial

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


def serve() -> None:
    """Offer the pack to the engine; returns when the engine is done."""
    PolicyPack(name="mlops", policies=[_policy(rule) for rule in RULES])


def _policy(rule: Rule) -> Policy:
    if isinstance(rule, ResourceRule):
        return ResourceValidationPolicy(
            name=rule.id,
            description=rule.title,
            enforcement_level=EnforcementLevel.MANDATORY,
            severity=PackSeverity(rule.severity.value),
            remediation_steps=rule.fix,
            validate=partial(_validate_resource, rule),
        )
    return StackValidationPolicy(
        name=rule.id,
        description=rule.title,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=PackSeverity(rule.severity.value),
        remediation_steps=rule.fix,
        validate=partial(_validate_stack, rule),
    )


def _validate_resource(
    rule: ResourceRule, args: ResourceValidationArgs, report: ReportViolation
) -> None:
    resource = Resource(
        type=args.resource_type,
        name=args.name,
        urn=args.urn,
        props=plain(args.props),
        protect=args.opts.protect,
        provider_name=args.provider.name if args.provider else "",
    )
    if rule.applies_to(resource):
        for message in rule.check(resource):
            report(f"{message}. {rule.fix}", None)


def _validate_stack(rule: StackRule, args: StackValidationArgs, report: ReportViolation) -> None:
    for urn, message in rule.check([_resource(r) for r in args.resources]):
        report(f"{message}. {rule.fix}", urn)


def _resource(resource: PolicyResource) -> Resource:
    return Resource(
        type=resource.resource_type,
        name=resource.name,
        urn=resource.urn,
        props=plain(resource.props),
        protect=resource.opts.protect,
        references=_urns(resource.property_dependencies),
        provider_name=resource.provider.name if resource.provider else "",
    )


def _urns(dependencies: Mapping[str, Sequence[PolicyResource]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(r.urn for r in found) for key, found in dependencies.items()}
