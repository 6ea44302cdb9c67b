"""The boundary stands in the way of nothing that a role of any stack is given."""

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

import pytest

from infra.bootstrap.boundary import Scope, boundary, ci_roles
from infra.bootstrap.boundary_actions import REGIONAL_SERVICES
from infra.bootstrap.documents import listed, statements_of
from infra.bootstrap.names import boundary_arn, identity_provider_arn
from infra.computed_values import of_resource
from infra.config.document import Document, from_file
from infra.config.model import SharedEnvironment
from infra.recording import Graph, RecordedResource
from mlops.access.grants import POLICY_LENGTH_LIMIT
from tests.components.access.policy_evaluator import allows, like
from tests.graph.program import STACKS, graph_from, of_kind
from tests.infra.bootstrap.managed_policies import managed_policy

ACCOUNT = "123456789012"
STATE_BUCKET = f"arn:aws:s3:::mlops-state-{ACCOUNT}-eu-west-1"
STATE_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/state"
SCOPE = Scope().including(STATE_BUCKET, STATE_KEY)
PREPARED = {
    "iam": {"permissions_boundary_arn": boundary_arn(ACCOUNT)},
    "ci": {
        "oidc_provider_arn": identity_provider_arn(ACCOUNT),
        "state": {"bucket_arn": STATE_BUCKET, "key_arn": STATE_KEY},
    },
}
ROLES = f"arn:aws:iam::{ACCOUNT}:role/"
# What AWS grants on every role, and which roles it means.
ROLE = "aws:iam/role:Role"
MEANT = {
    "iam:PassRole": f"{ROLES}mlops/dev/demo/node",
    "iam:CreateServiceLinkedRole": f"{ROLES}aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
}

Statement = Mapping[str, Any]


@cache
def prepared_graph(stack: str) -> Graph:
    """Return the graph of a stack in an account that was bootstrapped."""
    file = STACKS[stack]
    document = from_file(file, file.name)
    config = copy.deepcopy(document.config)
    settings = config[document.object_key]
    settings["iam"] = PREPARED["iam"]
    if settings.get("tenancy") != "shared":  # then the platform has it
        settings["ci"] |= PREPARED["ci"]
    return graph_from(stack, Document("a prepared account", config))


@cache
def grants(stack: str) -> list[tuple[str, Statement]]:
    """Return the ARN of every role of the stack with each statement that allows it something."""
    graph = prepared_graph(stack)
    documents = {
        arn_of(policy, "policy"): json.loads(policy.inputs["policy"])
        for policy in graph.of_type("aws:iam/policy:Policy")
    }
    given = [
        (resource.inputs["role"], json.loads(resource.inputs["policy"]))
        for resource in graph.of_type("aws:iam/rolePolicy:RolePolicy")
    ]
    for resource in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        arn = resource.inputs["policyArn"]
        document = managed_policy(arn) if ":iam::aws:" in arn else documents[arn]
        given.append((resource.inputs["role"], document))
    roles = {name_of(role): arn_of(role, "role") for role in graph.of_type(ROLE)}
    return [
        (roles[name], statement)
        for name, document in given
        for statement in statements_of(document)
        if statement["Effect"] == "Allow"
    ]


def name_of(resource: RecordedResource) -> str:
    """Return the name that the resource has, or gets where nobody chose one."""
    computed = of_resource(resource.type, resource.name, resource.inputs)
    return str(resource.inputs.get("name") or computed[0])


def arn_of(resource: RecordedResource, kind: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}{resource.inputs['path']}{name_of(resource)}"


def requests(statement: Statement) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Iterate over one request for each action and resource, fulfilling the conditions."""
    context = {
        key: listed(value)[0]
        for tests in statement.get("Condition", {}).values()
        for key, value in tests.items()
    }
    for action, resource in product(listed(statement["Action"]), listed(statement["Resource"])):
        yield action, concrete(MEANT.get(action, resource)), context


def concrete(pattern: str) -> str:
    """Return an ARN of the account that matches the pattern of a policy."""
    if pattern == "*":
        return pattern
    arn, partition, service, region, account, name = pattern.split(":", 5)
    region, account = region.replace("*", "eu-west-1"), account.replace("*", ACCOUNT)
    return ":".join((arn, partition, service, region, account, name.replace("*", "x")))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("regions", [(), ("eu-central-1", "eu-west-1")], ids=["any", "locked"])
def test_nothing_that_a_role_is_given_is_cut_off(stack: str, regions: tuple[str, ...]) -> None:
    policy = json.dumps(boundary(ACCOUNT, Scope(SCOPE.buckets, SCOPE.keys, regions)))
    where = {"aws:RequestedRegion": "eu-west-1"}
    asked = [
        (role, action, resource, {**where, "aws:PrincipalArn": role, **context})
        for role, statement in grants(stack)
        for action, resource, context in requests(statement)
    ]
    assert len(asked) > (10 if stack in of_kind(SharedEnvironment) else 300)
    assert not any("*" in action for _, action, _, _ in asked), "a pattern proves nothing"
    refused = [each for each in asked if not allows([policy], *each[1:])]
    assert refused == [], "list what is missing in infra/bootstrap/boundary.py"


def test_no_service_is_open_that_no_role_is_given() -> None:
    used = {
        action.partition(":")[0]
        for stack in STACKS
        for _, statement in grants(stack)
        for action in listed(statement["Action"])
    }
    assert set(REGIONAL_SERVICES) <= used


@pytest.mark.parametrize("stack", STACKS)
def test_every_role_of_a_prepared_stack_has_the_boundary(stack: str) -> None:
    roles = prepared_graph(stack).of_type(ROLE)
    assert roles
    assert {role.inputs.get("permissionsBoundary") for role in roles} == {boundary_arn(ACCOUNT)}
    assert all(role.inputs["path"].startswith("/mlops/") for role in roles)


@pytest.mark.parametrize("stack", STACKS)
def test_the_roles_of_ci_and_no_others_are_known_by_name(stack: str) -> None:
    roles = {name_of(role): arn_of(role, "role") for role in prepared_graph(stack).of_type(ROLE)}
    known = {name for name, arn in roles.items() if like(ci_roles(ACCOUNT), arn)}
    assert known == {f"mlops-{stack}-preview", f"mlops-{stack}-deploy"}
    assert len(roles) > len(known)


def test_the_deploy_role_of_a_prepared_stack_changes_roles_and_state() -> None:
    [deploy] = {role for role, _ in grants("demo-dev") if role.endswith("-deploy")}
    allowed = [action for role, each in grants("demo-dev") for action in listed(each["Action"])]
    assert deploy
    assert {"iam:CreateRole", "kms:Encrypt", "sts:AssumeRole"} <= set(allowed)


def test_iam_takes_it_with_four_regions_prepared() -> None:
    scope = Scope(regions=tuple(f"ap-southeast-{number}" for number in range(4)))
    for number, region in enumerate(scope.regions):
        scope = scope.including(
            f"arn:aws:s3:::{number}{'b' * 62}", f"arn:aws:kms:{region}:{ACCOUNT}:key/{'k' * 36}"
        )
    text = json.dumps(boundary(ACCOUNT, scope), separators=(",", ":"))
    assert len(text) <= POLICY_LENGTH_LIMIT
