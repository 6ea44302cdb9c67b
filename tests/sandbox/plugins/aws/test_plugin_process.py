import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import psutil
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2

from sandbox.plugins.aws import wire
from sandbox.plugins.aws.sdk_schema import SDK_VERSION
from tests.sandbox.plugins.aws.running_plugin import RunningPlugin

BUCKET = "urn:pulumi:dev::project::mlops:index:ArtifactStore$aws:s3/bucket:Bucket::models"
BRIDGED_BUCKET = BUCKET.replace("aws:s3/bucket:Bucket", "aws:index/s3Bucket:S3Bucket")
ALARM = "urn:pulumi:dev::project::aws:cloudwatch/metricAlarm:MetricAlarm::cpu"
CLUSTER = "urn:pulumi:dev::project::aws:eks/cluster:Cluster::cluster"
PROVIDER = "urn:pulumi:dev::project::pulumi:providers:aws::aws"
SETTINGS = {
    "region": "eu-central-1",
    "s3UsePathStyle": "true",
    "endpoints": '[{"s3": "http://127.0.0.1:1"}]',
    "defaultTags": '{"tags": {"team": "demo"}}',
}


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory, sdk_cache: Path) -> Iterator[RunningPlugin]:
    running = RunningPlugin(tmp_path_factory.mktemp("plugin"), sdk_cache)
    running.stub.Configure(provider_pb2.ConfigureRequest(args=wire.encoded(SETTINGS)))
    yield running
    running.close()


def check(plugin: RunningPlugin, urn: str, inputs: dict[str, Any]) -> Any:
    request = provider_pb2.CheckRequest(urn=urn, news=wire.encoded(inputs), randomSeed=b"seed")
    return plugin.stub.Check(request)


def create(plugin: RunningPlugin, urn: str, inputs: dict[str, Any], **options: Any) -> Any:
    request = provider_pb2.CreateRequest(urn=urn, properties=wire.encoded(inputs), **options)
    return plugin.stub.Create(request)


def test_it_says_which_plug_in_it_stands_for(plugin: RunningPlugin) -> None:
    assert plugin.stub.GetPluginInfo(empty_pb2.Empty()).version == SDK_VERSION
    assert plugin.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema


def test_the_bridge_loads_the_terraform_provider_it_was_given(plugin: RunningPlugin) -> None:
    path, name = plugin.asked("Parameterize")["args"]["args"]
    assert path.endswith("/terraform-provider-aws")
    assert name == "--provider-name=aws"


def test_settings_reach_the_bridge_in_its_shapes(plugin: RunningPlugin) -> None:
    asked = plugin.asked("Configure")["args"]
    assert asked["defaultTags"] == '[{"tags": {"team": "demo"}}]'
    assert asked["endpoints"] == '[{"s3": "http://127.0.0.1:1"}]'
    assert asked["region"] == "eu-central-1"


def test_settings_are_accepted_as_they_are(plugin: RunningPlugin) -> None:
    request = provider_pb2.CheckRequest(urn=PROVIDER, news=wire.encoded(SETTINGS))
    answer = plugin.stub.CheckConfig(request)
    assert wire.decoded(answer.inputs) == SETTINGS
    assert not answer.failures


def test_a_setting_that_terraform_lacks_is_refused(plugin: RunningPlugin) -> None:
    news = wire.encoded({**SETTINGS, "endpoints": '[{"accountaccess": "http://127.0.0.1:1"}]'})
    answer = plugin.stub.CheckConfig(provider_pb2.CheckRequest(urn=PROVIDER, news=news))
    assert [failure.property for failure in answer.failures] == ["endpoints[0].accountaccess"]


def test_a_check_names_the_resource_and_remembers_that_it_did(plugin: RunningPlugin) -> None:
    inputs = wire.decoded(check(plugin, BUCKET, {"forceDestroy": True}).inputs)
    assert inputs["bucket"].startswith("models-")
    assert inputs["__defaults"] == ["bucket"]
    asked = plugin.asked("Check")
    assert (asked["urn"], asked["type"]) == (BRIDGED_BUCKET, "aws:index/s3Bucket:S3Bucket")
    assert asked["news"]["bucket"] == inputs["bucket"]


def test_failures_are_told_in_the_sdks_names(plugin: RunningPlugin) -> None:
    urn = BUCKET.replace(
        "bucket:Bucket", "bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    )
    answer = check(plugin, urn, {"bucket": "Not Allowed"})
    assert [(f.property, f.reason) for f in answer.failures] == [("rules[0].filter", "why")]


def test_an_argument_that_only_the_sdk_knows_is_refused_by_name(plugin: RunningPlugin) -> None:
    answer = check(plugin, CLUSTER, {"controlPlaneScalingConfig": {"tier": "tier-xl"}})
    (failure,) = answer.failures
    assert failure.property == "controlPlaneScalingConfig"
    assert "leave it out of stacks that run here" in failure.reason


def test_harmless_arguments_of_the_newer_provider_are_dropped(plugin: RunningPlugin) -> None:
    inputs = {"name": "c", "deletionProtection": True, "region": "eu-central-1"}
    assert not check(plugin, CLUSTER, inputs).failures
    assert plugin.asked("Check")["news"] == {"name": "c"}


def test_another_region_than_the_providers_is_refused(plugin: RunningPlugin) -> None:
    (failure,) = check(plugin, CLUSTER, {"name": "c", "region": "us-east-1"}).failures
    assert failure.property == "region"
    assert "one region for all resources" in failure.reason


def test_a_created_resource_comes_back_in_the_sdks_names(plugin: RunningPlugin) -> None:
    answer = create(plugin, ALARM, {"name": "cpu", "threshold": 80})
    assert plugin.asked("Create")["properties"] == {"alarmName": "cpu", "threshold": 80.0}
    properties = wire.decoded(answer.properties)
    assert answer.id == "id-1"
    assert properties["name"] == "cpu"
    assert properties["region"] == "eu-central-1"
    assert properties["arn"] == wire.secret("arn")


def test_the_bridges_messages_are_about_the_programs_resource(plugin: RunningPlugin) -> None:
    create(plugin, BUCKET, {"bucket": "b"})
    assert (BUCKET, "creating") in plugin.engine.logged


def test_an_error_of_the_bridge_keeps_its_words_and_kind(plugin: RunningPlugin) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        create(plugin, BUCKET, {"bucket": "taken"})
    assert raised.value.details() == "the name is taken"
    assert raised.value.code() == grpc.StatusCode.ALREADY_EXISTS


def test_an_unknown_type_is_one_clear_error(plugin: RunningPlugin) -> None:
    urn = "urn:pulumi:dev::project::aws:eks/capability:Capability::c"
    with pytest.raises(grpc.RpcError, match="aws:eks/capability:Capability of pulumi-aws"):
        check(plugin, urn, {})


def test_differences_are_told_in_the_sdks_names(plugin: RunningPlugin) -> None:
    request = provider_pb2.DiffRequest(
        id="i", urn=ALARM, olds=wire.encoded({"name": "a"}), news=wire.encoded({"name": "b"}),
        ignoreChanges=["name"],
    )  # fmt: skip
    answer = plugin.stub.Diff(request)
    asked = plugin.asked("Diff")
    assert (asked["olds"], asked["news"]) == ({"alarmName": "a"}, {"alarmName": "b"})
    assert asked["ignoreChanges"] == ["alarmName"]
    assert list(answer.diffs) == list(answer.replaces) == list(answer.detailedDiff) == ["name"]


def test_reading_and_changing_translate_both_ways(plugin: RunningPlugin) -> None:
    state, asked = wire.encoded({"name": "a"}), {"alarmName": "a"}
    read = plugin.stub.Read(provider_pb2.ReadRequest(id="i", urn=ALARM, properties=state))
    assert plugin.asked("Read")["properties"] == asked
    assert wire.decoded(read.inputs) == {"name": "a"}
    request = provider_pb2.UpdateRequest(id="i", urn=ALARM, olds=state, news=state)
    assert wire.decoded(plugin.stub.Update(request).properties)["name"] == "a"
    assert plugin.asked("Update")["news"] == asked
    plugin.stub.Delete(provider_pb2.DeleteRequest(id="i", urn=ALARM, properties=state))
    assert plugin.asked("Delete")["properties"] == asked


def test_what_no_emulator_can_change_is_recorded(plugin: RunningPlugin) -> None:
    olds = {"name": "c", "tags": {"a": "old"}, "roleArn": "kept"}
    news = {"name": "c", "tags": {"a": "new"}}
    request = provider_pb2.UpdateRequest(
        id="i", urn=CLUSTER, olds=wire.encoded(olds), news=wire.encoded(news)
    )
    answer = wire.decoded(plugin.stub.Update(request).properties)
    assert (answer["tags"], answer["roleArn"]) == ({"a": "new"}, "kept")
    assert any(urn == CLUSTER and "no emulator" in text for urn, text in plugin.engine.logged)
    plugin.stub.Delete(provider_pb2.DeleteRequest(urn=CLUSTER, properties=wire.encoded(answer)))
    assert plugin.asked("Delete")["properties"]["tags"] == {"a": "old"}


def test_functions_are_data_sources(plugin: RunningPlugin) -> None:
    token = "aws:index/getRegion:getRegion"
    answer = plugin.stub.Invoke(provider_pb2.InvokeRequest(tok=token))
    results = wire.decoded(getattr(answer, "return"))
    assert (results["region"], results["name"]) == ("eu-central-1", "eu-central-1")


def test_cancelling_is_passed_on(plugin: RunningPlugin) -> None:
    plugin.stub.Cancel(empty_pb2.Empty())
    assert plugin.asked("Cancel")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_at_once_and_takes_the_bridge_along(
    tmp_path: Path, sdk_cache: Path, number: signal.Signals
) -> None:
    running = RunningPlugin(tmp_path, sdk_cache)
    running.stub.Cancel(empty_pb2.Empty())  # the bridge is up
    below = running.below()
    assert below
    start = time.monotonic()
    running.process.send_signal(number)
    running.process.wait(timeout=5)
    assert time.monotonic() - start < 3
    _, alive = psutil.wait_procs(below, timeout=5)
    running.close()
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_a_bridge_that_does_not_start_is_one_clear_error(tmp_path: Path, sdk_cache: Path) -> None:
    running = RunningPlugin(tmp_path, sdk_cache, bridge_command=["false"])
    with pytest.raises(grpc.RpcError, match=r"bridge .* did not start"):
        running.stub.Cancel(empty_pb2.Empty())
    running.close()
