"""Values on their way between the engine and the API."""

import pytest
from google.protobuf import struct_pb2  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from sandbox.plugins.kubernetes.secrets import mark, redact
from sandbox.plugins.kubernetes.values import (
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    Secret,
    Tree,
    decode,
    encode,
    from_object,
    has_unknown,
    to_object,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=3))
def test_what_is_encoded_decodes_to_the_same(tree: Tree) -> None:
    assert decode(encode(tree)) == tree


def test_whole_numbers_become_integers_and_others_stay() -> None:
    struct = struct_pb2.Struct()
    struct.update({"replicas": 2, "ratio": 0.5})
    tree = decode(struct)
    assert tree == {"replicas": 2, "ratio": 0.5}
    assert isinstance(tree["replicas"], int)


def test_secrets_keep_their_wrapping() -> None:
    struct = struct_pb2.Struct()
    struct.update({"a": {SIGNATURE_KEY: SECRET_SIGNATURE, "value": {"b": 1}}})
    assert decode(struct) == {"a": Secret({"b": 1})}
    assert encode(decode(struct)) == struct
    assert "b" not in repr(decode(struct))


def test_an_api_object_has_neither_secrets_nor_nulls_nor_the_sdks_spelling() -> None:
    tree = {"a": Secret({"b": Secret(1), "c": None}), "x_kubernetes_int_or_string": True}
    plain = to_object(tree)
    assert plain == {"a": {"b": 1}, "x-kubernetes-int-or-string": True}
    assert from_object(plain)["x_kubernetes_int_or_string"] is True


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"a": [{"b": UNKNOWN}]}, True),
        ({"a": Secret({"b": UNKNOWN})}, True),
        ({"a": "known"}, False),
    ],
)
def test_unknowns_are_found_everywhere(tree: Tree, expected: bool) -> None:
    assert has_unknown(tree) is expected


def test_outputs_are_secret_where_the_inputs_are() -> None:
    inputs = {"spec": {"env": [{"value": Secret("x")}], "open": 1}}
    assert mark({"spec": {"env": [{"value": "x"}], "open": 1, "more": 2}}, inputs) == {
        "spec": {"env": Secret([{"value": "x"}]), "open": 1, "more": 2}
    }


def test_the_content_of_a_secret_is_secret_whatever_the_inputs_say() -> None:
    live = {"apiVersion": "v1", "kind": "Secret", "data": {"a": "eA=="}, "type": "Opaque"}
    assert mark(live, {}) == {**live, "data": Secret({"a": "eA=="})}


def test_messages_quote_no_secret_in_any_form() -> None:
    inputs = {"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "hunter22"}}
    message = 'got "hunter22", also as aHVudGVyMjI='
    assert redact(message, inputs) == 'got "[secret]", also as [secret]'
    assert redact("name is a1", {"kind": "x", "env": Secret("a")}) == "name is a1"
