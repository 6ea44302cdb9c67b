from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.plugins.aws import wire
from sandbox.plugins.aws.forgetful import completed, forgive_forgotten, remembered
from sandbox.plugins.aws.tokens import Match

CLUSTER = Match("aws:eks/cluster:Cluster", "", "aws_eks_cluster")
DATABASE = Match("aws:rds/instance:Instance", "", "aws_db_instance")
BUCKET = Match("aws:s3/bucket:Bucket", "", "aws_s3_bucket")
KEY = {"performanceInsightsKmsKeyId": "key"}
Diff = provider_pb2.DiffResponse


def diff_answer(before: dict[str, Any], now: dict[str, Any], match: Match, *paths: str) -> Diff:
    answer = Diff(changes=Diff.DIFF_SOME, diffs=paths, replaces=paths)
    request = provider_pb2.DiffRequest(old_inputs=wire.encoded(before), news=wire.encoded(now))
    forgive_forgotten(match, request, answer)
    return answer


def test_a_property_the_emulator_forgets_is_no_change() -> None:
    answer = diff_answer(KEY, KEY, DATABASE, "performanceInsightsKmsKeyId")
    assert answer.changes == Diff.DIFF_NONE
    assert not answer.replaces


def test_it_is_a_change_if_the_program_asks_for_something_else() -> None:
    path = "performanceInsightsKmsKeyId"
    answer = diff_answer(KEY, {path: "another"}, DATABASE, path)
    assert answer.changes == Diff.DIFF_SOME
    assert list(answer.diffs) == [path]


@pytest.mark.parametrize(("match", "path"), [(DATABASE, "engine"), (BUCKET, "bucket")])
def test_any_other_property_is_a_change(match: Match, path: str) -> None:
    assert list(diff_answer({}, {}, match, path).diffs) == [path]


def test_the_program_sees_what_it_asked_for() -> None:
    asked = {**KEY, "enabledCloudwatchLogsExports": ["postgresql"]}
    given = {"performanceInsightsKmsKeyId": "", "engine": "postgres"}
    assert completed(DATABASE, asked, given) == {**asked, "engine": "postgres"}


def test_what_the_emulator_does_give_back_counts() -> None:
    assert completed(DATABASE, KEY, {"performanceInsightsKmsKeyId": "real"}) == {
        "performanceInsightsKmsKeyId": "real"
    }


def test_of_nested_values_only_the_missing_ones_are_filled_in() -> None:
    asked = {"vpcConfig": {"subnetIds": ["a"], "endpointPublicAccess": True}}
    given = {"vpcConfig": {"subnetIds": [], "vpcId": "v"}, "name": "c"}
    assert completed(CLUSTER, asked, given) == {
        "vpcConfig": {"subnetIds": ["a"], "endpointPublicAccess": True, "vpcId": "v"},
        "name": "c",
    }


def test_what_cannot_be_changed_shows_what_the_program_asks_for_now() -> None:
    assert completed(CLUSTER, {"version": "1.34"}, {"version": "1.33"}) == {"version": "1.34"}


def test_a_managed_password_has_a_secret_to_read() -> None:
    state = {"arn": "arn:aws:rds:eu-central-1:000000000000:db:one", "masterUserSecrets": []}
    shown = completed(DATABASE, {"manageMasterUserPassword": True}, state)
    assert shown["masterUserSecrets"][0]["secretArn"] == (
        "arn:aws:secretsmanager:eu-central-1:000000000000:secret:rds!db-one"
    )
    assert completed(DATABASE, {}, state) == state


def test_inputs_read_back_keep_what_the_emulator_forgot_and_who_chose_the_name() -> None:
    before = {**KEY, "identifier": "db1", "__defaults": ["identifier"]}
    now = {"identifier": "db1", "engine": "postgres", "__defaults": []}
    kept = remembered(DATABASE, before, now)
    assert kept == {**now, **KEY, "__defaults": ["identifier"]}
    assert remembered(DATABASE, before, {}) == {}
