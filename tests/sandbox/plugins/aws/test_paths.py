import pytest

from sandbox.plugins.aws.paths import parse, render
from sandbox.plugins.aws.vocabulary import Vocabulary


@pytest.mark.parametrize("text", ["tags", "rules[0].filter.prefix", 'tags["a.b/c"]', "a[1][2].b"])
def test_a_path_is_read_and_written_unchanged(text: str) -> None:
    assert render(parse(text)) == text


def test_what_is_no_path_stays_one_name() -> None:
    assert parse("a]b") == ("a]b",)


@pytest.mark.parametrize(
    ("sdk", "bridge"),
    [
        ("rules[0].filter.prefix", "rules[0].filters[0].prefix"),
        ("rules[1].id", "rules[1].id"),
        ("rules[0].expiration.days", "rules[0].expirations[0].days"),
        ("bucket", "bucket"),
    ],
)
def test_a_path_is_translated_with_every_step(
    vocabulary: Vocabulary, sdk: str, bridge: str
) -> None:
    entry = vocabulary.resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    assert entry.path_to_bridge(sdk) == bridge
    assert entry.path_to_sdk(bridge) == sdk


def test_keys_of_a_map_are_not_names(vocabulary: Vocabulary) -> None:
    entry = vocabulary.resource("aws:s3/bucket:Bucket")
    assert entry.path_to_bridge('tags["kubernetes.io/role"]') == 'tags["kubernetes.io/role"]'
