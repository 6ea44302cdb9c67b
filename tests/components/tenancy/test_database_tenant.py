"""What a DatabaseTenant makes of its arguments."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.recording import Graph, record
from mlops.tenancy.database_tenant import DatabaseTenant, DatabaseTenantArgs
from mlops.tenancy.tenant_job.postgres import TenantError
from tests.components.tenancy.manifests import assert_valid, manifest, physical_name
from tests.components.tenancy.rbac_judge import may
from tests.components.tenancy.restricted import pod_templates, violations
from tests.conftest import Deploy

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
ARGS: DatabaseTenantArgs = {
    "database": "fraud",
    "namespace": "fraud-dev",
    "system_namespace": "mlops-system",
    "image": "registry.example.com/mlflow:3.17.2",
    "host": "registry.abc.eu-west-1.rds.amazonaws.com",
    "port": 5432,
    "master_secret_arn": SECRET_ARN,
    "kms_key_arn": KEY,
    "cluster_name": "demo",
    "cluster_arn": "arn:aws:eks:eu-west-1:123456789012:cluster/demo",
    "account_id": "123456789012",
}
ACCOUNT = ("ServiceAccount", "database-tenant-fraud-dev")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: DatabaseTenant("tenant", ARGS))


def environment(graph: Graph) -> dict[str, Any]:
    (container,) = graph.named("tenant-job").inputs["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable["value"] for variable in container["env"]}


def test_children_are_named_by_role_and_parented(graph: Graph) -> None:
    tenant = graph.named("tenant")
    assert tenant.type == "mlops:index:DatabaseTenant"
    assert {(r.type.rpartition(":")[2], r.name) for r in graph.children_of(tenant.urn)} == {
        ("ServiceAccount", "tenant-account"),
        ("WorkloadIdentity", "tenant-identity"),
        ("Secret", "tenant-credentials"),
        ("Role", "tenant-role"),
        ("RoleBinding", "tenant-binding"),
        ("ConfigMap", "tenant-program"),
        ("Job", "tenant-job"),
    }


def test_every_object_is_valid_for_the_api_server(graph: Graph) -> None:
    assert_valid(graph)


def test_the_pod_passes_restricted(graph: Graph) -> None:
    ((_, template),) = pod_templates(graph)
    assert violations(template["spec"]) == []
    open_pod = {**template["spec"], "automountServiceAccountToken": True}
    assert violations(open_pod) == ["mounts a token"]


def test_the_job_runs_where_nobody_of_the_team_can_borrow_its_identity(graph: Graph) -> None:
    assert graph.named("tenant-job").inputs["metadata"]["namespace"] == "mlops-system"
    account = graph.named("tenant-account").inputs["metadata"]
    assert (account["namespace"], account["name"]) == ("mlops-system", ACCOUNT[1])
    association = graph.named("tenant-identity-association").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("mlops-system", ACCOUNT[1])


def test_its_role_reads_one_secret_with_its_key_and_nothing_else(graph: Graph) -> None:
    policy = json.loads(graph.named("tenant-identity-policy").inputs["policy"])
    assert {r for s in policy["Statement"] for r in [s["Resource"]]} == {SECRET_ARN, KEY}
    actions = {action for s in policy["Statement"] for action in s["Action"]}
    assert actions == {
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
    }


def test_the_secret_is_made_empty_and_what_the_job_writes_is_not_looked_at(graph: Graph) -> None:
    secret = graph.named("tenant-credentials")
    assert secret.inputs["metadata"]["namespace"] == "fraud-dev"
    assert not {"data", "stringData"} & set(secret.inputs)
    assert secret.ignore_changes == ("data", "stringData")
    assert {"data", "stringData"} <= set(secret.additional_secret_outputs)


def test_the_job_may_fill_that_secret_and_touch_no_other(graph: Graph) -> None:
    secret = physical_name(graph.named("tenant-credentials"))

    def allowed(verb: str, name: str, namespace: str = "fraud-dev") -> bool:
        return may(graph, ACCOUNT, verb, "secrets", namespace=namespace, name=name)

    assert allowed("get", secret)
    assert allowed("patch", secret)
    for verb in ("list", "watch", "create", "delete", "update"):
        assert not allowed(verb, secret)
    assert not allowed("get", "another")
    assert not allowed("get", secret, "mlops-system")
    binding = graph.named("tenant-binding").inputs
    assert binding["subjects"][0]["namespace"] == "mlops-system"


def test_the_job_is_told_everything_but_a_password(graph: Graph) -> None:
    given = environment(graph)
    expected = {
        "DATABASE_NAME": "fraud",
        "DATABASE_HOST": ARGS["host"],
        "DATABASE_PORT": "5432",
        "MASTER_SECRET_ARN": SECRET_ARN,
        "SECRET_NAMESPACE": "fraud-dev",
        "SECRET_NAME": physical_name(graph.named("tenant-credentials")),
    }
    assert given.items() >= expected.items()
    assert "password" not in json.dumps(manifest(graph.named("tenant-job"))).lower()


def test_the_program_is_complete_and_finds_itself(graph: Graph, tmp_path: Path) -> None:
    """Lay the files out as the pod mounts them, and import them without the package around."""
    (container,) = graph.named("tenant-job").inputs["spec"]["template"]["spec"]["containers"]
    mount = next(m["mountPath"] for m in container["volumeMounts"] if m["name"] == "program")
    parent, package = mount.rsplit("/", 1)
    assert environment(graph)["PYTHONPATH"] == parent
    assert container["command"] == ["python"]
    assert container["args"] == ["-m", f"{package}.run"]
    (tmp_path / package).mkdir()
    for name, text in graph.named("tenant-program").inputs["data"].items():
        (tmp_path / package / name).write_text(text)
    done = subprocess.run(  # noqa: S603  # this very Python
        [sys.executable, "-c", f"import {package}.run; print({package}.run.main.__module__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.strip() == f"{package}.run", done.stderr


def test_the_token_of_the_api_server_is_short_lived_and_mounted_here_only(graph: Graph) -> None:
    pod = graph.named("tenant-job").inputs["spec"]["template"]["spec"]
    (projected,) = [v["projected"] for v in pod["volumes"] if "projected" in v]
    token = projected["sources"][0]["serviceAccountToken"]
    assert token == {"path": "token", "expirationSeconds": 1200}
    mounted = {m["name"]: m["mountPath"] for m in pod["containers"][0]["volumeMounts"]}
    assert mounted["api-access"] == "/var/run/secrets/kubernetes.io/serviceaccount"


def test_a_changed_input_means_another_job_and_none_vanishes(graph: Graph) -> None:
    job = graph.named("tenant-job")
    assert "name" not in job.inputs["metadata"], "a generated name lets a new Job replace the old"
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]
    assert job.inputs["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    program = graph.named("tenant-program")
    assert program.inputs["immutable"] is True
    assert "name" not in program.inputs["metadata"]


def test_a_secret_made_anew_means_another_job(graph: Graph) -> None:
    job, secret = graph.named("tenant-job"), graph.named("tenant-credentials")
    annotations = job.inputs["spec"]["template"]["metadata"]["annotations"]
    assert annotations["mlops/secret-uid"]
    assert secret.urn in job.property_dependencies["spec"]


def test_the_job_waits_for_identity_permission_and_program(graph: Graph) -> None:
    job = graph.named("tenant-job")
    needed = ("tenant-identity-association", "tenant-binding", "tenant-program")
    assert {graph.named(name).urn for name in needed} <= job.depends_on
    association = graph.named("tenant-identity-association")
    assert graph.named("tenant-account").urn in association.depends_on


def test_users_of_the_credentials_wait_for_the_job(deploy: Deploy) -> None:
    from pulumi_kubernetes.core.v1 import ConfigMap  # noqa: PLC0415  # only this test needs it

    def program() -> None:
        tenant = DatabaseTenant("tenant", ARGS)
        for name in ("secret_name", "database_name", "ready"):
            ConfigMap(name, data={"value": getattr(tenant, name)})

    graph = deploy(program)
    job = graph.named("tenant-job")
    values = {}
    for name in ("secret_name", "database_name", "ready"):
        assert job.urn in graph.named(name).depends_on
        values[name] = graph.named(name).inputs["data"]["value"]
    assert values == {
        "secret_name": physical_name(graph.named("tenant-credentials")),
        "database_name": "fraud",
        "ready": physical_name(job),
    }


def test_role_settings_reach_the_role(deploy: Deploy) -> None:
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    bounded: DatabaseTenantArgs = {
        **ARGS,
        "role_path": "/mlops/dev/fraud/",
        "permissions_boundary_arn": boundary,
    }
    role = deploy(lambda: DatabaseTenant("tenant", bounded)).named("tenant-identity-role").inputs
    assert role["path"] == "/mlops/dev/fraud/"
    assert role["permissionsBoundary"] == boundary


def test_a_bad_database_name_is_refused_before_anything_is_made(deploy: Deploy) -> None:
    bad: DatabaseTenantArgs = {**ARGS, "database": "fraud-dev"}
    with pytest.raises(TenantError, match="'fraud-dev' cannot name a database"):
        deploy(lambda: DatabaseTenant("tenant", bad))
