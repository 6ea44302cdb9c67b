"""What PlatformServices puts into every cluster."""

from pulumi_kubernetes.core.v1 import ConfigMap

from mlops.platform_services import PlatformServices, PlatformServicesArgs
from tests.components.cluster.test_node_pools import ARGS as NODE_POOLS
from tests.components.tenancy.manifests import assert_valid
from tests.components.tenancy.network_judge import Host, Pod, connects
from tests.conftest import Deploy

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
ARGS: PlatformServicesArgs = {"database_cidrs": ["10.20.0.0/16"], "node_pools": NODE_POOLS}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: PlatformServices("services", ARGS))
    services = graph.named("services")
    assert services.type == "mlops:index:PlatformServices"
    assert {(r.type, r.name) for r in graph.children_of(services.urn)} == {
        ("kubernetes:core/v1:ConfigMap", "services-network-policy-enforcement"),
        ("mlops:index:IsolatedNamespace", "services-system"),
        ("mlops:index:NodePools", "services-nodes"),
        ("kubernetes:storage.k8s.io/v1:StorageClass", "services-storage"),
    }


def test_every_object_is_valid_for_the_api_server(deploy: Deploy) -> None:
    assert_valid(deploy(lambda: PlatformServices("services", ARGS)))


def test_network_policies_are_enforced_before_anything_uses_the_namespace(deploy: Deploy) -> None:
    graph = deploy(lambda: PlatformServices("services", ARGS))
    switch = graph.named("services-network-policy-enforcement")
    assert switch.inputs["metadata"] == {"name": "amazon-vpc-cni", "namespace": "kube-system"}
    assert switch.inputs["data"] == {"enable-network-policy-controller": "true"}


def test_the_system_namespace_is_restricted_and_named(deploy: Deploy) -> None:
    graph = deploy(lambda: PlatformServices("services", ARGS))
    metadata = graph.named("services-system-namespace").inputs["metadata"]
    assert metadata["name"] == "mlops-system"
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert graph.component_outputs[graph.named("services").urn]["systemNamespace"] == "mlops-system"
    other: PlatformServicesArgs = {**ARGS, "system_namespace": "platform-jobs"}
    named = deploy(lambda: PlatformServices("services", other))
    assert named.named("services-system-namespace").inputs["metadata"]["name"] == "platform-jobs"


def test_jobs_reach_database_and_aws_and_no_team(deploy: Deploy) -> None:
    graph = deploy(lambda: PlatformServices("services", ARGS))
    job = Pod("mlops-system")
    assert connects(graph, job, Host("10.20.8.8"), 5432)
    assert connects(graph, job, Host("172.20.0.1"), 443), "the API server"
    assert not connects(graph, job, Pod("fraud-dev", {}, "10.20.1.12"), 5000)
    assert not connects(graph, Pod("fraud-dev"), job, 8080)


def test_volumes_are_encrypted_by_default(deploy: Deploy) -> None:
    storage = deploy(lambda: PlatformServices("services", ARGS)).named("services-storage").inputs
    assert storage["provisioner"] == "ebs.csi.eks.amazonaws.com"
    assert storage["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert storage["volumeBindingMode"] == "WaitForFirstConsumer"
    assert storage["metadata"]["annotations"] == {
        "storageclass.kubernetes.io/is-default-class": "true"
    }


def test_volumes_can_have_a_key_of_their_own(deploy: Deploy) -> None:
    keyed: PlatformServicesArgs = {**ARGS, "volume_key_arn": KEY}
    graph = deploy(lambda: PlatformServices("services", keyed))
    assert graph.named("services-storage").inputs["parameters"]["kmsKeyId"] == KEY


def test_volumes_can_have_tags_in_an_order_that_never_changes(deploy: Deploy) -> None:
    tagged: PlatformServicesArgs = {**ARGS, "volume_tags": {"team": "fraud", "stage": "dev"}}
    parameters = (
        deploy(lambda: PlatformServices("services", tagged))
        .named("services-storage")
        .inputs["parameters"]
    )
    assert parameters["tagSpecification_1"] == "stage=dev"
    assert parameters["tagSpecification_2"] == "team=fraud"


def test_who_uses_the_system_namespace_waits_for_nodes(deploy: Deploy) -> None:
    def program() -> None:
        services = PlatformServices("services", ARGS)
        ConfigMap("user", metadata={"namespace": services.system_namespace})

    graph = deploy(program)
    waits_for = graph.named("user").property_dependencies["metadata"]
    assert graph.named("services-nodes-general").urn in waits_for
    assert graph.named("services-network-policy-enforcement").urn in waits_for
