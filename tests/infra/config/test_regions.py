"""A region is one that AWS has, and open to everybody."""

import pytest
from boto3.session import Session

from infra.config.checks import region_problems
from infra.config.document import Document
from infra.config.regions import commercial_regions


def test_every_region_with_eks_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    assert set(Session().get_available_regions("eks")) <= set(commercial_regions())


@pytest.mark.parametrize("code", ["aws-global", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
def test_what_is_no_commercial_region_is_not(code: str) -> None:
    assert code not in commercial_regions()


@pytest.mark.parametrize("given", ["Ireland", 1, True, {}])
def test_what_resembles_no_region_is_answered_with_all_of_them(given: object) -> None:
    [(key, sentence)] = region_problems(Document("stacks/case.yaml", {"aws:region": given}))
    assert key == ("aws:region",)
    assert f"allowed: {', '.join(commercial_regions())} (" in sentence
