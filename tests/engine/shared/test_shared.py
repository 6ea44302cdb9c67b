"""Two teams on one platform: each gets its own, and the platform stays when a team goes."""

import dataclasses
import json
from typing import Any

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from infra.config.files import file_of
from sandbox.layout import REPOSITORY
from tests.engine import projects
from tests.engine.conftest import NewSandbox
from tests.engine.sandboxes import SandboxUnderTest, outputs_of

pytestmark = pytest.mark.engine

STACKS = REPOSITORY / "stacks"


@pytest.fixture(scope="module")
def fraud(
    new_sandbox: NewSandbox, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SandboxUnderTest, dict[str, Any]]:
    """Bring up a team's stack in an empty sandbox, and tell what `up` said."""
    fraud_file = file_of("fraud-dev", STACKS).read_text()
    project = projects.write_with_stacks(
        tmp_path_factory.mktemp("shared") / "project",
        {
            "platform-dev": file_of("platform-dev", STACKS).read_text(),
            "fraud-dev": fraud_file,
            "search-dev": fraud_file.replace("fraud", "search"),
        },
    )
    sandbox = new_sandbox(project=project, stack="fraud-dev")
    return sandbox, sandbox.up()


@pytest.fixture(scope="module")
def platform(fraud: tuple[SandboxUnderTest, dict[str, Any]]) -> SandboxUnderTest:
    """Return the platform under it."""
    return dataclasses.replace(fraud[0], stack="platform-dev")


@pytest.fixture(scope="module")
def search(fraud: tuple[SandboxUnderTest, dict[str, Any]]) -> SandboxUnderTest:
    """Bring up a second team on the same platform."""
    search = dataclasses.replace(fraud[0], stack="search-dev")
    assert set(search.up()["changes"]) == {"create"}
    return search


def test_the_platform_comes_first_and_is_told_to_the_team(
    fraud: tuple[SandboxUnderTest, dict[str, Any]], platform: SandboxUnderTest
) -> None:
    sandbox, result = fraud
    told = json.loads(platform.pulumi("stack", "output", "--json").stdout)
    assert result["outputs"]["clusterName"] == told["clusterName"] == "platform-dev"
    assert result["outputs"]["registryDatabaseEndpoint"] == told["registryDatabaseEndpoint"]
    types = {each["type"] for each in sandbox.resources()}
    assert "aws:s3/bucket:Bucket" in types
    assert not types & {"aws:eks/cluster:Cluster", "aws:ec2/vpc:Vpc", "aws:rds/instance:Instance"}


def test_each_team_has_its_own(
    fraud: tuple[SandboxUnderTest, dict[str, Any]], search: SandboxUnderTest
) -> None:
    sandbox, result = fraud
    buckets = {each["Name"] for each in sandbox.aws("s3").list_buckets()["Buckets"]}
    found = outputs_of(search.resources(), "environment-artifacts-bucket")["bucket"]
    assert {found, result["outputs"]["artifactBucket"]} <= buckets
    assert found != result["outputs"]["artifactBucket"]
    core = sandbox.core()
    for namespace in ("fraud-dev", "search-dev"):
        labels = core.read_namespace(namespace).metadata.labels
        assert f"{labels['team']}-{labels['stage']}" == namespace
        assert core.list_namespaced_resource_quota(namespace).items


def test_a_teams_pipeline_enters_the_cluster_as_the_team_does(
    fraud: tuple[SandboxUnderTest, dict[str, Any]], search: SandboxUnderTest
) -> None:
    sandbox, result = fraud
    role = result["outputs"]["ciRoleArns"]["deploy"]
    entry = sandbox.aws("eks").describe_access_entry(clusterName="platform-dev", principalArn=role)
    [group] = entry["accessEntry"]["kubernetesGroups"]
    api = client.AuthorizationV1Api(sandbox.kubernetes())

    def may(verb: str, resource: str, namespace: str) -> bool:
        review = {
            "spec": {
                "user": role,
                "groups": [group],
                "resourceAttributes": {
                    "verb": verb,
                    "resource": resource,
                    "group": "apps" if resource == "deployments" else "",
                    "namespace": namespace,
                },
            }
        }
        return bool(api.create_subject_access_review(review).status.allowed)

    assert may("create", "deployments", "fraud-dev")
    assert not may("create", "deployments", "search-dev")
    assert not may("create", "deployments", "mlops-system")
    assert not may("delete", "resourcequotas", "fraud-dev")


def test_again_nothing_changes(
    fraud: tuple[SandboxUnderTest, dict[str, Any]], search: SandboxUnderTest
) -> None:
    assert set(fraud[0].up()["changes"]) == {"same"}


def test_a_team_goes_and_the_others_stay(
    fraud: tuple[SandboxUnderTest, dict[str, Any]], search: SandboxUnderTest
) -> None:
    done = search.pulumi("destroy", "--yes", "--suppress-progress")
    assert done.returncode == 0, done.stderr
    core = fraud[0].core()
    with pytest.raises(ApiException) as error:
        core.read_namespace("search-dev")
    assert error.value.status == 404
    assert core.read_namespace("fraud-dev").status.phase == "Active"
    assert fraud[0].aws("eks").describe_cluster(name="platform-dev")["cluster"]["status"]
