import json
from typing import Any

import pytest

from sandbox.plugins.aws import wire
from sandbox.plugins.aws.translation import UNKNOWN, Losses
from sandbox.plugins.aws.vocabulary import Entry, Vocabulary

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@pytest.fixture
def lifecycle(vocabulary: Vocabulary) -> Entry:
    return vocabulary.resource(LIFECYCLE)


def test_an_object_of_the_sdk_is_a_list_of_one_for_the_bridge(lifecycle: Entry) -> None:
    sdk = {"bucket": "b", "rules": [{"id": "a", "filter": {"prefix": "x/"}}]}
    bridge = {"bucket": "b", "rules": [{"id": "a", "filters": [{"prefix": "x/"}]}]}
    assert lifecycle.to_bridge(sdk) == bridge
    assert lifecycle.to_sdk(bridge) == sdk


@pytest.mark.parametrize(
    ("token", "sdk", "bridge"),
    [
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"name": "n"}, {"alarmName": "n"}),
        ("aws:sns/topicSubscription:TopicSubscription", {"topic": "t"}, {"topicArn": "t"}),
        (
            "aws:eks/cluster:Cluster",
            {"certificateAuthority": {"data": "x"}},
            {"certificateAuthorities": [{"data": "x"}]},
        ),
        (
            "aws:eks/cluster:Cluster",
            {"computeConfig": {"enabled": True, "nodePools": ["system"]}},
            {"computeConfig": {"enabled": True, "nodePools": ["system"]}},
        ),
    ],
)
def test_names_that_differ_are_translated_both_ways(
    vocabulary: Vocabulary, token: str, sdk: dict[str, Any], bridge: dict[str, Any]
) -> None:
    entry = vocabulary.resource(token)
    assert entry.to_bridge(sdk) == bridge
    assert entry.to_sdk(bridge) == sdk


def test_secrets_stay_secret_at_every_depth(lifecycle: Entry) -> None:
    rule = {"id": wire.secret("s"), "filter": wire.secret({"prefix": "x"})}
    bridged = lifecycle.to_bridge({"rules": wire.secret([rule])})
    assert bridged == {
        "rules": wire.secret([{"id": wire.secret("s"), "filters": wire.secret([{"prefix": "x"}])}])
    } or bridged == {
        "rules": wire.secret([{"id": wire.secret("s"), "filters": [wire.secret({"prefix": "x"})]}])
    }
    assert lifecycle.to_sdk(bridged)["rules"] == wire.secret([rule])


@pytest.mark.parametrize("unknown", sorted(wire.UNKNOWNS))
def test_unknown_values_stay_unknown(lifecycle: Entry, unknown: str) -> None:
    sdk = {"bucket": unknown, "rules": [{"filter": unknown}]}
    assert lifecycle.to_bridge(sdk) == {"bucket": unknown, "rules": [{"filters": unknown}]}
    assert lifecycle.to_bridge({"rules": unknown}) == {"rules": unknown}


def test_an_unknown_output_keeps_its_mark(lifecycle: Entry) -> None:
    output = {wire.SIGNATURE: wire.OUTPUT, "dependencies": ["urn:a"]}
    assert lifecycle.to_bridge({"bucket": output}) == {"bucket": output}


def test_the_bridges_bookkeeping_passes_both_ways(lifecycle: Entry) -> None:
    kept = {"__defaults": ["bucket"], "__meta": "{}", "id": "i"}
    assert lifecycle.to_sdk(kept) == kept
    assert lifecycle.to_bridge(kept) == kept


def test_a_policy_given_as_an_object_becomes_a_document(vocabulary: Vocabulary) -> None:
    entry = vocabulary.resource("aws:iam/role:Role")
    document = {"Version": "2012-10-17", "Statement": [{"Limit": 5.0}]}
    text = entry.to_bridge({"assumeRolePolicy": document})["assumeRolePolicy"]
    assert json.loads(text) == document
    assert '"Limit":5}' in text


def test_a_document_is_as_unknown_or_secret_as_its_parts(vocabulary: Vocabulary) -> None:
    entry = vocabulary.resource("aws:iam/role:Role")
    assert entry.to_bridge({"assumeRolePolicy": {"a": [UNKNOWN]}}) == {"assumeRolePolicy": UNKNOWN}
    secret = entry.to_bridge({"assumeRolePolicy": {"a": wire.secret("s")}})
    assert secret == {"assumeRolePolicy": wire.secret('{"a":"s"}')}


def test_text_numbers_and_truth_are_what_the_other_side_takes(vocabulary: Vocabulary) -> None:
    provider = vocabulary.provider()
    assert provider.to_bridge({"skipMetadataApiCheck": True}) == {"skipMetadataApiCheck": "true"}
    assert provider.to_sdk({"skipMetadataApiCheck": "true"}) == {"skipMetadataApiCheck": True}
    role = vocabulary.resource("aws:iam/role:Role")
    assert role.to_bridge({"maxSessionDuration": "60"}) == {"maxSessionDuration": 60}
    assert role.to_bridge({"maxSessionDuration": "soon"}) == {"maxSessionDuration": "soon"}


def test_what_only_the_newer_sdk_knows_is_dropped_and_named(vocabulary: Vocabulary) -> None:
    losses = Losses()
    entry = vocabulary.resource("aws:eks/cluster:Cluster")
    sdk = {"name": "n", "deletionProtection": True, "controlPlaneScalingConfig": {"tier": "xl"}}
    assert entry.to_bridge(sdk, losses) == {"name": "n"}
    assert set(losses.values) == {"deletionProtection", "controlPlaneScalingConfig"}


@pytest.mark.parametrize("nothing", [None, False, "", [], {}])
def test_losing_what_asks_for_nothing_is_no_loss(vocabulary: Vocabulary, nothing: Any) -> None:
    losses = Losses()
    entry = vocabulary.resource("aws:eks/cluster:Cluster")
    entry.to_bridge({"deletionProtection": nothing}, losses)
    assert not losses.values


def test_a_result_under_two_names_is_there_twice(vocabulary: Vocabulary) -> None:
    entry = vocabulary.function("aws:index/getRegion:getRegion")
    assert entry.to_sdk({"name": "eu-central-1"}) == {
        "name": "eu-central-1",
        "region": "eu-central-1",
    }
