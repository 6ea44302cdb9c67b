"""What a cluster may be asked for."""

import pytest

from mlops.cluster import checks


@pytest.mark.parametrize(
    "cidrs", [[], ["203.0.113.0/24"], ["10.0.0.0/8", "198.51.100.7/32"], ["2001:db8::/32"]]
)
def test_networks_of_ones_own_are_accepted(cidrs: list[str]) -> None:
    checks.check_public_access(cidrs)


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3"])
def test_the_whole_world_is_refused_also_in_halves(cidr: str) -> None:
    with pytest.raises(ValueError, match="would open the API server of the cluster") as refusal:
        checks.check_public_access(["203.0.113.0/24", cidr])
    assert cidr in str(refusal.value)


@pytest.mark.parametrize("cidr", ["office", "203.0.113.7/24", "203.0.113.0/33", ""])
def test_what_is_no_network_is_refused(cidr: str) -> None:
    with pytest.raises(ValueError, match="is not a CIDR block"):
        checks.check_public_access([cidr])


def test_a_minor_version_is_accepted() -> None:
    checks.check_version("1.33")


@pytest.mark.parametrize("version", ["", "latest", "1", "1.33.2", "v1.33"])
def test_anything_but_a_minor_version_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match=r"is not a minor version; give one such as '1\.33'"):
        checks.check_version(version)


@pytest.mark.parametrize("kinds", [["audit", "authenticator"], list(checks.LOG_TYPES)])
def test_logs_with_the_audit_trail_are_accepted(kinds: list[str]) -> None:
    checks.check_log_types(kinds)


@pytest.mark.parametrize("kinds", [[], ["audit"], ["api"], ["audit", "authenticator", "kubelet"]])
def test_logs_that_are_unknown_or_lack_the_audit_trail_are_refused(kinds: list[str]) -> None:
    with pytest.raises(ValueError, match="audit and authenticator must be among them"):
        checks.check_log_types(kinds)


def test_addons_with_exact_versions_are_accepted() -> None:
    checks.check_addons({"metrics-server": "v0.8.0-eksbuild.2"})


@pytest.mark.parametrize("name", checks.BROUGHT_BY_AUTO_MODE)
def test_addons_that_auto_mode_brings_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"the add-on {name} comes with EKS Auto Mode"):
        checks.check_addons({name: "v1.0.0-eksbuild.1"})


@pytest.mark.parametrize("version", ["", "latest", "CHANGEME"])
def test_addons_without_an_exact_version_are_refused(version: str) -> None:
    with pytest.raises(ValueError, match="give an exact one"):
        checks.check_addons({"metrics-server": version})
