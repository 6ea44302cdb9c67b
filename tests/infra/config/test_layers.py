"""Maps merge, everything else replaces, and each value knows who said it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infra.config.document import ENVIRONMENT_KEY, Document
from infra.config.layers import Layer, LayerName, Origin, merge

PROFILE = Layer(
    LayerName.PROFILE,
    {"network": {"nat": "one", "availability_zones": 2}, "emails": ["a@x.io", "b@x.io"]},
)


def stack(values: Any, lines: dict[tuple[str, ...], int] | None = None) -> Layer:
    marks = {(ENVIRONMENT_KEY, *path): line for path, line in (lines or {}).items()}
    source = Document("stacks/Pulumi.fraud-dev.yaml", {ENVIRONMENT_KEY: values}, marks)
    return Layer(LayerName.STACK, values, source)


def test_maps_merge_key_by_key() -> None:
    merged = merge([PROFILE, stack({"network": {"nat": "per_zone"}})])
    assert merged.values["network"] == {"nat": "per_zone", "availability_zones": 2}


def test_lists_replace() -> None:
    merged = merge([PROFILE, stack({"emails": ["c@x.io"]})])
    assert merged.values["emails"] == ["c@x.io"]


def test_an_empty_map_changes_nothing_but_an_empty_list_does() -> None:
    merged = merge([PROFILE, stack({"network": {}, "emails": []})])
    assert merged.values == {"network": PROFILE.values["network"], "emails": []}


def test_a_map_and_something_else_replace_each_other() -> None:
    assert merge([PROFILE, stack({"network": "10.0.0.0/16"})]).values["network"] == "10.0.0.0/16"
    assert merge([PROFILE, stack({"emails": {"a": 1}})]).values["emails"] == {"a": 1}


def test_each_value_knows_its_layer_and_line() -> None:
    merged = merge(
        [
            PROFILE,
            stack({"network": {"nat": "per_zone"}, "emails": []}, {("network", "nat"): 9}),
        ]
    )
    assert merged.origins == {
        ("network", "nat"): Origin(LayerName.STACK, "stacks/Pulumi.fraud-dev.yaml", 9),
        ("network", "availability_zones"): Origin(LayerName.PROFILE, "the package", None),
        ("emails",): Origin(LayerName.STACK, "stacks/Pulumi.fraud-dev.yaml", None),
    }


def test_a_key_without_a_line_of_its_own_takes_the_line_around_it() -> None:
    merged = merge([stack({"network": {"nat": "one"}}, {("network",): 7})])
    assert merged.origins[("network", "nat")].line == 7


def test_a_map_that_was_empty_is_no_value_any_more() -> None:
    merged = merge([Layer(LayerName.PACKAGE, {"tags": {}}), stack({"tags": {"a": "b"}})])
    assert set(merged.origins) == {("tags", "a")}


def paths_of(values: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if isinstance(values, dict) and (values or not path):
        return {found for key, value in values.items() for found in paths_of(value, (*path, key))}
    return {path}


keys = st.sampled_from("abc")
settings = st.dictionaries(
    keys,
    st.recursive(
        st.integers() | st.lists(st.integers(), max_size=2),
        lambda inner: st.dictionaries(keys, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


@given(settings, settings)
def test_every_value_has_an_origin_and_what_was_said_last_stands(below: Any, above: Any) -> None:
    merged = merge([Layer(LayerName.PROFILE, below), stack(above)])
    assert set(merged.origins) == paths_of(merged.values)
    for path in paths_of(above):
        value, said = merged.values, above
        for name in path:
            value, said = value[name], said[name]
        if said != {}:
            assert value == said
            assert merged.origins[path].layer is LayerName.STACK


@given(settings)
def test_merging_the_same_twice_is_merging_it_once(values: Any) -> None:
    assert merge([stack(values), stack(values)]) == merge([stack(values)])


# As in stack files, a name stands for a block in every layer, or for a value in every layer.
blocks = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.lists(st.integers(), max_size=2)),
    lambda inner: st.fixed_dictionaries({}, optional={"x": inner, "y": inner, "a": st.integers()}),
    max_leaves=4,
)


def laid(*values: Any) -> Any:
    return merge([stack(each) for each in values]).values


@given(blocks, blocks, blocks)
def test_it_does_not_matter_which_layers_are_merged_first(one: Any, two: Any, three: Any) -> None:
    assert laid(laid(one, two), three) == laid(one, laid(two, three)) == laid(one, two, three)


@given(st.lists(settings, min_size=1, max_size=4))
def test_origins_cover_exactly_the_values_whatever_the_layers(layers: list[Any]) -> None:
    names = list(LayerName)
    merged = merge([Layer(name, each) for name, each in zip(names, layers, strict=False)])
    assert set(merged.origins) == paths_of(merged.values) - {()}
    for path, origin in merged.origins.items():
        assert path in paths_of(layers[names.index(origin.layer)])


@given(settings, st.lists(st.integers()), st.lists(st.integers()))
def test_a_list_is_never_merged(values: Any, below: list[int], above: list[int]) -> None:
    assert laid({**values, "l": below}, {"l": above})["l"] == above
