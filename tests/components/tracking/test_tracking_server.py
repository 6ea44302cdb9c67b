"""What a TrackingServer makes of its arguments."""

import json
from typing import Any

import pytest

from infra.recording import Graph, record
from mlops.tracking.tracking_server import TrackingServer, TrackingServerArgs
from tests.components.tenancy.manifests import assert_valid
from tests.components.tenancy.network_judge import Host, Pod, connects
from tests.components.tenancy.restricted import pod_templates, violations
from tests.conftest import Deploy

BUCKET_ARN = "arn:aws:s3:::fraud-artifacts"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
DIGEST = "registry.example.com/mlflow@sha256:" + "a" * 64
DEV: TrackingServerArgs = {
    "namespace": "fraud-dev",
    "image": "registry.example.com/mlflow:3.17.2",
    "database_secret_name": "fraud-credentials",
    "database_ready": "fraud-job-1",
    "artifact_bucket_name": "fraud-artifacts",
    "artifact_bucket_arn": BUCKET_ARN,
    "kms_key_arn": KEY,
    "cluster_name": "demo",
    "cluster_arn": "arn:aws:eks:eu-west-1:123456789012:cluster/demo",
    "account_id": "123456789012",
    "replicas": 1,
}
PROD: TrackingServerArgs = {**DEV, "replicas": 2, "image": DIGEST}


@pytest.fixture(scope="module")
def dev() -> Graph:
    return record(lambda: TrackingServer("tracking", DEV))


@pytest.fixture(scope="module")
def prod() -> Graph:
    return record(lambda: TrackingServer("tracking", PROD))


def template(graph: Graph, name: str = "tracking-server") -> dict[str, Any]:
    found: dict[str, Any] = graph.named(name).inputs["spec"]["template"]
    return found


def container(graph: Graph, name: str = "tracking-server") -> dict[str, Any]:
    (only,) = template(graph, name)["spec"]["containers"]
    found: dict[str, Any] = only
    return found


def environment(graph: Graph, name: str = "tracking-server") -> dict[str, Any]:
    return {v["name"]: v.get("value") or v["valueFrom"] for v in container(graph, name)["env"]}


def test_children_are_named_by_role_and_parented(dev: Graph, prod: Graph) -> None:
    tracking = dev.named("tracking")
    assert tracking.type == "mlops:index:TrackingServer"
    single = {(r.type.rpartition(":")[2], r.name) for r in dev.children_of(tracking.urn)}
    assert single == {
        ("ServiceAccount", "tracking-account"),
        ("WorkloadIdentity", "tracking-identity"),
        ("ServiceAccount", "tracking-migration-account"),
        ("Job", "tracking-migration"),
        ("NetworkPolicy", "tracking-network"),
        ("Service", "tracking-service"),
        ("Deployment", "tracking-server"),
    }
    several = {(r.type.rpartition(":")[2], r.name) for r in prod.children_of(tracking.urn)}
    assert several - single == {("PodDisruptionBudget", "tracking-disruption")}


def test_every_object_is_valid_for_the_api_server(dev: Graph, prod: Graph) -> None:
    assert_valid(dev)
    assert_valid(prod)


def test_all_pods_pass_restricted(prod: Graph) -> None:
    templates = list(pod_templates(prod))
    assert {workload.name for workload, _ in templates} == {"tracking-migration", "tracking-server"}
    for _, found in templates:
        assert violations(found["spec"]) == []


def test_the_server_reads_and_writes_below_its_prefix_with_the_key(dev: Graph) -> None:
    policy = json.loads(dev.named("tracking-identity-policy").inputs["policy"])
    resources = {
        r
        for s in policy["Statement"]
        for r in (s["Resource"] if isinstance(s["Resource"], list) else [s["Resource"]])
    }
    assert resources == {BUCKET_ARN, f"{BUCKET_ARN}/mlflow/*", KEY}
    actions = {action for s in policy["Statement"] for action in s["Action"]}
    assert {"s3:GetObject", "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey"} <= actions
    association = dev.named("tracking-identity-association").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("fraud-dev", "mlflow")
    assert template(dev)["spec"]["serviceAccountName"] == "mlflow"


def test_only_the_server_has_the_right_to_the_bucket(dev: Graph) -> None:
    assert template(dev, "tracking-migration")["spec"]["serviceAccountName"] == "mlflow-migration"
    associations = dev.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert [a.inputs["serviceAccount"] for a in associations] == ["mlflow"]


def test_files_go_straight_to_the_bucket(dev: Graph) -> None:
    args = container(dev)["args"]
    assert "--no-serve-artifacts" in args
    assert args[args.index("--default-artifact-root") + 1] == "s3://fraud-artifacts/mlflow"


def test_the_database_is_opened_with_the_secret_and_nothing_of_it_is_in_the_graph(
    dev: Graph,
) -> None:
    reference = {"secretKeyRef": {"name": "fraud-credentials", "key": "uri"}}
    for name in ("tracking-server", "tracking-migration"):
        assert environment(dev, name)["MLFLOW_BACKEND_STORE_URI"] == reference
    migration = container(dev, "tracking-migration")
    assert migration["command"] == ["mlflow"]
    assert migration["args"] == ["db", "upgrade", "$(MLFLOW_BACKEND_STORE_URI)"]


def test_servers_wait_for_the_migration_and_for_their_identity(dev: Graph) -> None:
    server = dev.named("tracking-server")
    needed = ("tracking-migration", "tracking-identity-association", "tracking-network")
    assert {dev.named(name).urn for name in needed} <= server.depends_on
    association = dev.named("tracking-identity-association")
    assert dev.named("tracking-account").urn in association.depends_on


def test_new_credentials_migrate_again_and_restart_the_servers(deploy: Deploy) -> None:
    def marks(ready: str) -> list[str]:
        args: TrackingServerArgs = {**DEV, "database_ready": ready}
        graph = deploy(lambda: TrackingServer("tracking", args))
        return [
            template(graph, name)["metadata"]["annotations"]["mlops/database-ready"]
            for name in ("tracking-server", "tracking-migration")
        ]

    assert marks("job-1") == ["job-1"] * 2
    assert marks("job-2") == ["job-2"] * 2


def test_the_servers_ask_to_be_scraped_on_the_port_they_serve(dev: Graph) -> None:
    annotations = template(dev)["metadata"]["annotations"]
    (port,) = container(dev)["ports"]
    assert annotations["prometheus.io/scrape"] == "true"
    assert annotations["prometheus.io/port"] == str(int(port["containerPort"]))
    assert "prometheus.io/path" not in annotations, "the collector's default is MLflow's path"


def test_the_migration_is_a_new_job_for_a_new_image_and_never_vanishes(dev: Graph) -> None:
    job = dev.named("tracking-migration")
    assert "name" not in job.inputs["metadata"]
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]
    assert job.inputs["metadata"]["annotations"] == {"pulumi.com/replaceUnready": "true"}


def test_the_service_is_made_once_there_are_servers_for_it(dev: Graph) -> None:
    assert dev.named("tracking-server").urn in dev.named("tracking-service").depends_on


def test_the_service_finds_servers_and_no_migration(dev: Graph) -> None:
    service = dev.named("tracking-service").inputs
    selector = service["spec"]["selector"]
    assert service["spec"]["type"] == "ClusterIP"
    assert selector.items() <= template(dev)["metadata"]["labels"].items()
    assert not selector.items() <= template(dev, "tracking-migration")["metadata"]["labels"].items()
    (port,) = service["spec"]["ports"]
    assert (port["port"], port["targetPort"]) == (5000, "http")
    assert container(dev)["ports"] == [{"name": "http", "containerPort": 5000}]


def test_outputs_say_where_it_is_and_wait_until_it_answers(dev: Graph) -> None:
    tracking = dev.named("tracking")
    assert dev.component_outputs[tracking.urn] == {
        "trackingUri": "http://mlflow.fraud-dev.svc.cluster.local:5000",
        "serviceName": "mlflow",
    }


def test_the_server_answers_to_its_names_and_address_only(dev: Graph) -> None:
    given = environment(dev)
    hosts = given["MLFLOW_SERVER_ALLOWED_HOSTS"].split(",")
    assert {
        "mlflow:5000",
        "mlflow.fraud-dev:5000",
        "mlflow.fraud-dev.svc.cluster.local:5000",
        "localhost:*",
        "$(POD_IP):5000",
    } <= set(hosts)
    assert "*" not in hosts
    names = [variable["name"] for variable in container(dev)["env"]]
    assert names.index("POD_IP") < names.index("MLFLOW_SERVER_ALLOWED_HOSTS")
    assert given["POD_IP"] == {"fieldRef": {"fieldPath": "status.podIP"}}


def test_probes_differ_so_that_a_slow_server_is_not_killed(dev: Graph) -> None:
    server = container(dev)
    assert server["startupProbe"]["httpGet"]["path"] == "/health"
    assert server["readinessProbe"]["httpGet"]["path"] == "/health"
    assert server["livenessProbe"]["httpGet"]["path"] == "/version"

    def patience(probe: str) -> int:
        seconds: int = server[probe]["periodSeconds"] * server[probe]["failureThreshold"]
        return seconds

    assert patience("livenessProbe") > patience("readinessProbe")
    assert patience("startupProbe") >= 300


def test_metrics_are_exposed_from_a_directory_it_can_write_to(dev: Graph) -> None:
    args = container(dev)["args"]
    assert args[args.index("--expose-prometheus") + 1] == "/tmp/metrics"  # noqa: S108


@pytest.mark.parametrize(("args", "policy"), [(DEV, "IfNotPresent"), (PROD, "Always")])
def test_the_registry_is_asked_at_each_start_only_for_a_digest(
    deploy: Deploy, args: TrackingServerArgs, policy: str
) -> None:
    graph = deploy(lambda: TrackingServer("tracking", args))
    for name in ("tracking-server", "tracking-migration"):
        assert container(graph, name)["imagePullPolicy"] == policy


def test_several_servers_spread_and_are_drained_in_turn(dev: Graph, prod: Graph) -> None:
    keys = {c["topologyKey"] for c in template(prod)["spec"]["topologySpreadConstraints"]}
    assert keys == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
    assert prod.named("tracking-disruption").inputs["spec"]["maxUnavailable"] == 1
    assert prod.named("tracking-server").inputs["spec"]["replicas"] == 2
    assert "topologySpreadConstraints" not in template(dev)["spec"]


def test_an_update_never_takes_a_server_away_before_the_next_one_answers(dev: Graph) -> None:
    assert dev.named("tracking-server").inputs["spec"]["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
    }


def test_the_team_reaches_it_and_collectors_only_where_asked(deploy: Deploy, dev: Graph) -> None:
    labels = template(dev)["metadata"]["labels"]
    server = Pod("fraud-dev", labels, "10.20.1.11")
    assert connects(dev, Pod("fraud-dev"), server, 5000)
    assert not connects(dev, Pod("fraud-dev"), server, 22)
    assert not connects(dev, Pod("pricing-dev"), server, 5000)
    assert not connects(dev, Host("10.20.4.4"), server, 5000)

    collected: TrackingServerArgs = {**DEV, "metrics_cidrs": ["10.20.4.0/24"]}
    graph = deploy(lambda: TrackingServer("tracking", collected))
    assert connects(graph, Host("10.20.4.4"), server, 5000)
    assert not connects(graph, Host("10.20.5.5"), server, 5000)
    assert connects(graph, Pod("fraud-dev"), server, 5000)


def test_role_settings_reach_the_role(deploy: Deploy) -> None:
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    bounded: TrackingServerArgs = {
        **DEV,
        "role_path": "/mlops/dev/fraud/",
        "permissions_boundary_arn": boundary,
    }
    graph = deploy(lambda: TrackingServer("tracking", bounded))
    role = graph.named("tracking-identity-role").inputs
    assert (role["path"], role["permissionsBoundary"]) == ("/mlops/dev/fraud/", boundary)
