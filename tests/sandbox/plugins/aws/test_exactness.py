from typing import Any

import pytest

from sandbox.plugins.aws import wire
from sandbox.plugins.aws.exactness import HIDDEN, differences, restored
from sandbox.plugins.aws.vocabulary import Vocabulary

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@pytest.mark.parametrize(
    "state",
    [
        {"rules": [{"filters": [], "expirations": [{"days": 7}], "id": "a"}]},
        {"rules": [{"filters": None}]},
        {"rules": [{"filters": [{"prefix": ""}]}], "id": "x"},
        {"rules": [], "bucket": None},
        {"rules": wire.secret([{"filters": []}])},
        {"rules": [{"expirations": [{"days": "7"}]}]},
    ],
)
def test_the_bridge_gets_back_exactly_what_it_gave(
    vocabulary: Vocabulary, state: dict[str, Any]
) -> None:
    entry = vocabulary.resource(LIFECYCLE)
    assert entry.to_bridge(entry.state_to_sdk(state)) == state


def test_nothing_is_hidden_in_a_state_that_translates_exactly(vocabulary: Vocabulary) -> None:
    entry = vocabulary.resource("aws:s3/bucket:Bucket")
    assert HIDDEN not in entry.state_to_sdk({"bucket": "b", "tags": {"a": "b"}})


def test_no_value_is_hidden_but_emptiness(vocabulary: Vocabulary) -> None:
    entry = vocabulary.resource(LIFECYCLE)
    state = {"bucket": "name", "rules": [{"id": "kept", "filters": []}]}
    assert entry.state_to_sdk(state)[HIDDEN] == {"rules[0].filters": [[]]}


def test_a_state_that_was_changed_since_counts_as_it_is() -> None:
    found = differences({"a": [{"b": []}]}, {"a": [{"b": None}]})
    assert restored({"a": []}, found) == {"a": []}
    assert restored({"c": 1}, found) == {"c": 1}


def test_what_was_added_on_the_way_is_taken_away_again() -> None:
    found = differences({}, {"a": 1})
    assert restored({"a": 1, "b": 2}, found) == {"b": 2}


def test_a_program_may_see_more_than_the_bridge_knows(vocabulary: Vocabulary) -> None:
    entry = vocabulary.resource("aws:s3/bucket:Bucket")
    result = entry.state_to_sdk({"bucket": "b"}, {"bucket": "b", "tags": {"a": "b"}})
    assert result["tags"] == {"a": "b"}
    assert entry.to_bridge(result) == {"bucket": "b"}
