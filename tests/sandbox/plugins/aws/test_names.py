import pytest

from sandbox.plugins.aws.names import camel_case, meaning, plural


@pytest.mark.parametrize(
    ("word", "many"),
    [
        ("subnet_id", "subnet_ids"),
        ("tags", "tags"),
        ("policy", "policies"),
        ("gateway", "gateways"),
        ("address", "addresses"),
        ("egress", "egresses"),
        ("global_secondary_index", "global_secondary_indices"),
        ("y_axis", "y_axes"),
        ("event_bus", "event_buses"),
        ("kinesis", "kineses"),
        ("status", "statuses"),
    ],
)
def test_a_list_is_named_in_the_plural(word: str, many: str) -> None:
    assert plural(word) == many
    assert meaning(word) == meaning(many)


def test_both_plurals_of_an_index_mean_the_same() -> None:
    assert meaning("globalSecondaryIndexes") == meaning("globalSecondaryIndices")


def test_camel_case_keeps_digits_where_they_are() -> None:
    assert camel_case("kms_key_id") == "kmsKeyId"
    assert camel_case("s3_us_east_1_regional_endpoint") == "s3UsEast1RegionalEndpoint"


@pytest.mark.parametrize(("one", "other"), [("rule", "role"), ("tag", "target"), ("arn", "arns3")])
def test_different_words_mean_different_things(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)
