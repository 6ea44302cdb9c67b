"""Every name a team can get fits the limits of whoever has to accept it."""

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from infra.bootstrap import names as names_of_the_bootstrap
from infra.bootstrap.boundary import ci_roles
from infra.config.choices import Stage
from infra.config.shapes import PlatformName, RolePath, TeamName
from infra.naming import Names

TEAM: TypeAdapter[str] = TypeAdapter(TeamName)
ROLE_PATH: TypeAdapter[str] = TypeAdapter(RolePath)
PLATFORM: TypeAdapter[str] = TypeAdapter(PlatformName)
DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def refusal(kind: TypeAdapter[str], name: str) -> str | None:
    """Return what is said about a name, if it is refused."""
    try:
        kind.validate_python(name)
    except ValidationError as error:
        return error.errors()[0]["msg"]
    return None


def is_team(name: str) -> bool:
    return refusal(TEAM, name) is None


role_paths = st.from_regex(r"/mlops/([a-z0-9-]{1,12}/){0,3}", fullmatch=True).filter(
    lambda path: refusal(ROLE_PATH, path) is None
)
teams = st.from_regex(r"[a-z][a-z0-9-]{1,19}", fullmatch=True).filter(is_team)
platforms = st.from_regex(r"platform(-[a-z0-9]{1,11})?", fullmatch=True)
names = st.builds(Names, teams | platforms, st.sampled_from([stage.value for stage in Stage]))
LONGEST = Names("a" * 20, "stage")


def assert_accepted(name: Names) -> None:
    """Expect that whoever gets a name takes it."""
    assert DNS_LABEL.fullmatch(name.namespace), "Kubernetes namespace"
    assert re.fullmatch(r"[A-Za-z0-9][\w-]{0,99}", name.cluster), "EKS cluster"
    assert re.fullmatch(r"(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)", name.database_server), "RDS"
    assert re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name.database), "PostgreSQL"
    assert re.fullmatch(r"[\w./#-]{1,400}[^/]", name.log_group_prefix), "CloudWatch Logs"
    for alias in (name.platform_key_alias, name.environment_key_alias):
        assert re.fullmatch(r"(?!aws/)[\w/-]{1,250}", alias), "KMS"


@given(names)
@example(LONGEST)
def test_names_are_accepted_by_whoever_gets_them(name: Names) -> None:
    assert_accepted(name)


@given(names, names)
def test_two_environments_share_no_name(one: Names, other: Names) -> None:
    if one == other:
        return
    for kind in ("cluster", "database_server", "database", "namespace"):
        assert getattr(one, kind) != getattr(other, kind)


@given(names, role_paths)
@example(LONGEST, "/mlops/" + "a" * 56 + "/")
def test_a_role_path_is_accepted_by_iam_and_by_the_boundary(name: Names, below: str) -> None:
    path = name.role_path(below)
    assert re.fullmatch(r"(/[\x21-\x7e]+)*/", path)
    assert len(path) <= 512
    assert path.startswith(names_of_the_bootstrap.ROLE_PATH)


@given(names, role_paths)
def test_the_boundary_takes_no_other_role_for_one_of_ci(name: Names, below: str) -> None:
    account = "123456789012"
    under = f"arn:aws:iam::{account}:role{name.role_path(below)}"
    assert fnmatchcase(f"{under}mlops-fraud-dev-deploy", ci_roles(account))
    assert not fnmatchcase(f"{under}environment-tracking-identity-role-1234567", ci_roles(account))


@given(names, role_paths, names, role_paths)
@example(Names("fraud", "dev"), "/mlops/", Names("ai", "dev"), "/mlops/fraud/")
def test_no_environment_lies_in_the_role_path_of_another(
    one: Names, below: str, other: Names, below_other: str
) -> None:
    path, path_of_other = one.role_path(below), other.role_path(below_other)
    assert path.startswith(path_of_other) == (path == path_of_other)
    assert (path == path_of_other) == ((one, below) == (other, below_other))


@pytest.mark.parametrize("path", ["/mlops/", "/mlops/acme/", "/mlops/acme/ml-teams/"])
def test_a_path_under_that_of_the_boundary_is_accepted(path: str) -> None:
    assert refusal(ROLE_PATH, path) is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/acme/",
        "/mlops",
        "mlops/",
        "/mlops/acme",
        "/mlops//",
        "/mlops/*/",
        "/mlops/dev/fraud/",
        "/mlops/acme/mlops-x/",
        "/mlops/" + "a" * 57 + "/",
    ],
)
def test_a_path_that_leads_out_of_the_boundary_or_into_another_team_is_refused(path: str) -> None:
    assert refusal(ROLE_PATH, path)


@pytest.mark.parametrize(
    "name", ["fraud\n", "", "a", "a" * 21, "Fraud", "fraud.eu", "mlops", "mlops-x", "-a", "a--b"]
)
def test_what_is_no_team_name_is_refused(name: str) -> None:
    assert not is_team(name)


@pytest.mark.parametrize("name", ["ai", "fraud", "a" * 20, "fraud-eu-2", "awsome", "platforms"])
def test_ordinary_team_names_are_accepted(name: str) -> None:
    assert is_team(name)


@given(st.text(max_size=24) | st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True))
@example("a--b")
@example("platform-eu")
def test_a_name_is_fit_for_use_or_refused_with_words(name: str) -> None:
    if (words := refusal(TEAM, name)) is None:
        assert_accepted(Names(name, "stage"))
    else:
        assert words.startswith("2 to 20 lower-case letters, digits and single inner hyphens, ")


@given(st.text(max_size=24) | st.from_regex(r"platform[a-z0-9-]{0,14}", fullmatch=True))
@example("platform-eu-2")
def test_no_name_is_a_teams_and_a_platforms(name: str) -> None:
    words = refusal(PLATFORM, name)
    assert words is None or words.startswith("platform, or platform- and ")
    assert words or not is_team(name)
