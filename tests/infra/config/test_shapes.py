"""Texts a stack file may hold."""

import re
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from infra import versions
from infra.config.shapes import ClientRange, KubernetesVersion, NetworkRange

NETWORK: TypeAdapter[str] = TypeAdapter(NetworkRange)
CLIENTS: TypeAdapter[str] = TypeAdapter(ClientRange)
PRIVATE = [IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
addresses = st.integers(0, 2**32 - 1) | st.builds(
    lambda block, offset: int(block[0]) + offset, st.sampled_from(PRIVATE), st.integers(0, 2**20)
)
networks = st.builds(
    lambda address, prefix: IPv4Network((address, prefix), strict=False),
    addresses,
    st.integers(0, 32),
)


def accepts(shape: TypeAdapter[Any], text: str) -> bool:
    try:
        return bool(shape.validate_python(text) == text)
    except ValidationError:
        return False


@given(networks)
def test_a_vpc_has_a_private_range_of_16_to_21(network: IPv4Network) -> None:
    is_private = any(network.subnet_of(each) for each in PRIVATE)
    assert accepts(NETWORK, str(network)) == (is_private and 16 <= network.prefixlen <= 21)


@given(networks)
def test_clients_have_any_range_that_is_an_allow_list(network: IPv4Network) -> None:
    assert accepts(CLIENTS, str(network)) == (network.prefixlen >= 8)


@pytest.mark.parametrize(
    "text", ["10.20.0.1/16", "10.20.0.0", "10.20.0.0/255.255.0.0", "10.020.0.0/16", "10.300.0.0/16"]
)
def test_what_is_no_network_in_prefix_notation_is_no_range(text: str) -> None:
    assert accepts(NETWORK, "10.20.0.0/16")
    assert not accepts(NETWORK, text)
    assert not accepts(CLIENTS, text)


@given(networks)
def test_editors_refuse_only_what_the_program_refuses(network: IPv4Network) -> None:
    for shape in (NETWORK, CLIENTS):
        pattern = shape.json_schema()["pattern"]
        assert bool(re.search(pattern, str(network))) == accepts(shape, str(network))


def test_versions_are_offered_as_choices() -> None:
    assert TypeAdapter(KubernetesVersion).json_schema()["enum"] == list(
        versions.KUBERNETES_SUPPORTED
    )
