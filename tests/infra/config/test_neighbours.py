"""Files of one folder that cannot be true together."""

import time
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document
from infra.config.files import read_all, stack_files
from infra.config.findings import ConfigError
from infra.config.load import NO_DEFAULTS, load
from infra.config.neighbours import Claim, claims_of

TEAM: dict[str, Any] = {
    "stage": "dev",
    "owner": {"email": "ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}


def stack_file(stack: str, **settings: Any) -> Document:
    values = {**TEAM, "team": stack.rpartition("-")[0], **settings}
    return Document(
        f"stacks/Pulumi.{stack}.yaml", {ENVIRONMENT_KEY: values, REGION_KEY: "eu-west-1"}
    )


def folder(**ranges: str | None) -> dict[str, Document]:
    """Return dev stacks of these teams; None: the default range."""
    return {
        f"{team}-dev": stack_file(f"{team}-dev", **({"network": {"cidr": cidr}} if cidr else {}))
        for team, cidr in ranges.items()
    }


def problems(
    documents: Mapping[str, Document],
    organisation: Document = NO_DEFAULTS,
    **deployed: Mapping[str, str],
) -> dict[str, list[str]]:
    """Return what is wrong with each stack of a folder; `deployed` is by team."""
    claims = claims_of(documents, organisation)
    found = {}
    for stack, given in documents.items():
        before = deployed.get(stack.rpartition("-")[0])
        try:
            load(stack, given, organisation, claims=claims, deployed=before)
        except ConfigError as error:
            found[stack] = [finding.problem for finding in error.findings]
    return found


def test_the_stack_files_of_this_repository_fit_each_other() -> None:
    documents = read_all()
    assert len(documents) >= 9
    assert problems(documents) == {}


def test_two_files_that_rely_on_the_default_are_both_told_the_same_way_out() -> None:
    found = problems(folder(demo=None, fraud=None))
    assert set(found) == {"demo-dev", "fraud-dev"}
    assert all("such as 10.11.0.0/16" in problem for (problem,) in found.values())


def test_one_correction_clears_both() -> None:
    assert problems(folder(demo=None, fraud="10.11.0.0/16")) == {}
    assert problems(folder(demo="10.11.0.0/16", fraud=None)) == {}


def test_a_network_that_is_deployed_keeps_its_range() -> None:
    found = problems(folder(demo=None, fraud=None), demo={"network.cidr": "10.10.0.0/16"})
    assert set(found) == {"fraud-dev"}


def test_a_deployed_network_does_not_move_into_another() -> None:
    found = problems(folder(demo=None, fraud=None), demo={"network.cidr": "10.77.0.0/16"})
    assert "was deployed as 10.77.0.0/16" in found["demo-dev"][0]


def test_a_proposal_overlaps_no_file_and_no_default() -> None:
    documents = folder(demo="10.19.0.0/16", fraud="10.19.0.0/16", ranking="10.21.0.0/16")
    ((problem,), _) = problems(documents).values()
    assert problem.endswith("such as 10.22.0.0/16"), "10.20.0.0/16 is the default of stage"


def test_a_range_for_everybody_is_told_in_each_stack_file() -> None:
    everywhere = Document(
        "stacks/defaults.yaml", {ENVIRONMENT_KEY: {"network": {"cidr": "10.70.0.0/16"}}}
    )
    documents = folder(demo=None, fraud=None)
    with pytest.raises(ConfigError) as error:
        load("demo-dev", documents["demo-dev"], everywhere, claims=claims_of(documents, everywhere))
    (finding,) = error.value.findings
    assert finding.label == "stacks/Pulumi.demo-dev.yaml"
    assert finding.problem.startswith("is 10.70.0.0/16 (the organisation's default) and overlaps")


def test_where_no_range_of_the_size_is_free_a_smaller_one_is_asked_for() -> None:
    everything = [
        Claim(f"other{at}-dev", None, "", IPv4Network(network), f"file:{at}")
        for at, network in enumerate(("10.0.0.0/8", "172.16.0.0/12", "192.168.7.0/24"))
    ]
    with pytest.raises(ConfigError, match="yet a smaller range: no /16 is free"):
        load("fraud-dev", stack_file("fraud-dev"), claims=everything)


def test_without_neighbours_nothing_is_compared() -> None:
    assert load("fraud-dev", stack_file("fraud-dev")).settings.name == "fraud"
    assert load("fraud-dev", stack_file("fraud-dev", tenancy="shared")).settings.name == "fraud"


def test_a_hundred_files_are_read_and_checked_in_three_seconds(tmp_path: Any) -> None:
    (largest,) = (file for file in stack_files() if file.name == "Pulumi.ranking-prod.yaml")
    text = largest.read_text()
    assert "team: ranking" in text
    for number in range(100):
        team = text.replace("team: ranking", f"team: team{number}")
        own = team.replace("10.40.0.0/16", f"10.{number}.0.0/16")
        (tmp_path / f"Pulumi.team{number}-prod.yaml").write_text(own)
    # The processor's time: others at work on this machine do not count.
    started = time.process_time()
    found = problems(read_all(tmp_path))
    assert time.process_time() - started < 3
    assert found == {}
