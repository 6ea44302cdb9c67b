"""Ports: any free one, unless the user fixes it."""

import errno
import socket

import pytest

from sandbox import ports
from sandbox.errors import SandboxError


def test_many_free_ports_are_all_different_and_free() -> None:
    found = ports.free(20)
    assert len(set(found)) == 20
    assert all(ports.is_free(port) for port in found)


def test_a_port_on_which_somebody_listens_is_not_free(busy_port: int) -> None:
    assert not ports.is_free(busy_port)


def test_a_free_port_is_chosen_where_none_is_fixed() -> None:
    assert ports.is_free(ports.choose("aws", {}))
    assert ports.is_free(ports.choose("aws", {"MLOPS_SANDBOX_AWS_PORT": ""}))


def test_a_fixed_port_is_taken() -> None:
    [port] = ports.free()
    assert ports.choose("aws", {"MLOPS_SANDBOX_AWS_PORT": str(port)}) == port


def test_a_fixed_port_that_is_busy_is_refused_with_its_variable(busy_port: int) -> None:
    with pytest.raises(SandboxError) as refused:
        ports.choose("kubernetes", {"MLOPS_SANDBOX_KUBERNETES_PORT": str(busy_port)})
    assert str(busy_port) in str(refused.value)
    assert "MLOPS_SANDBOX_KUBERNETES_PORT" in str(refused.value)


def test_a_port_that_only_root_may_have_is_refused_with_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Reserved(socket.socket):
        def bind(self, _address: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "socket", Reserved)
    with pytest.raises(SandboxError, match=r"Port 443 \(MLOPS_SANDBOX_KUBERNETES_PORT\) .* root"):
        ports.choose("kubernetes", {"MLOPS_SANDBOX_KUBERNETES_PORT": "443"})


def test_two_servers_cannot_have_the_same_port() -> None:
    [port] = ports.free()
    both = {"MLOPS_SANDBOX_AWS_PORT": str(port), "MLOPS_SANDBOX_METRICS_PORT": str(port)}
    with pytest.raises(SandboxError, match="is given by MLOPS_SANDBOX_METRICS_PORT too"):
        ports.choose("aws", both)


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "80.5"])
def test_what_is_no_port_is_refused(given: str) -> None:
    with pytest.raises(SandboxError, match="must be a port, 1 to 65535"):
        ports.choose("aws", {"MLOPS_SANDBOX_AWS_PORT": given})


def test_a_running_server_is_kept_unless_another_port_is_fixed() -> None:
    ports.check("aws", 4566, {})
    ports.check("aws", 4566, {"MLOPS_SANDBOX_AWS_PORT": "4566"})
    with pytest.raises(SandboxError, match=r"is 4567, .* listens on 4566; `make down` first"):
        ports.check("aws", 4566, {"MLOPS_SANDBOX_AWS_PORT": "4567"})
