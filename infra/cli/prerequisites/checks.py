"""What the facts mean: pure decisions, one for each line of the table."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from infra import versions
from infra.cli.prerequisites.ask import Answer
from infra.cli.prerequisites.facts import Facts
from infra.cli.prerequisites.state_url import backend_url, bucket_of

Version = tuple[int, int]

OLDEST_PYTHON: Version = (3, 11)
# Source: Amazon EKS user guide, "Connect kubectl to an EKS cluster".
OLDEST_AWS = ((1, 27), (2, 12))
_LOG_IN_TO_STATE = "`pulumi login 's3://…'`; `mlops bootstrap` prints it whole"
_NOT_LOGGED_IN = "PULUMI_ACCESS_TOKEN must be set"


class Status(StrEnum):
    """How one thing stands."""

    OK = "ok"
    MISSING = "missing"
    TOO_OLD = "too old"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Check:
    """One line of the table."""

    name: str
    status: Status
    found: str = ""
    advice: str = ""
    """What to do; empty when there is nothing to do."""
    needed: bool = True
    """Whether `pulumi up` cannot do without it."""

    @property
    def stands_in_the_way(self) -> bool:
        """Whether it must be put right before `pulumi up`."""
        return self.needed and self.status not in (Status.OK, Status.NOT_CHECKED)


@dataclass(frozen=True)
class Program:
    """A program one needs."""

    name: str
    oldest: tuple[Version, ...]
    """Oldest version that will do, for each major version that does; empty: any."""
    source: str
    """Where to get it."""
    needed: bool = True


def judge(facts: Facts) -> list[Check]:
    """Judge every fact."""
    return [
        judge_python(facts.python),
        *(judge_program(each, facts.programs) for each in programs(facts.sdk_version)),
        judge_region(facts.aws),
        judge_credentials(facts.aws, offline=facts.offline),
        judge_backend(facts.backend, offline=facts.offline),
        judge_bucket(facts.backend, facts.bucket),
    ]


def programs(sdk_version: str) -> tuple[Program, ...]:
    """Return what must be on PATH, and how old it may be."""
    major, minor = _parsed(versions.KUBERNETES)
    return (
        # An engine older than the SDK lacks calls that the SDK makes.
        Program("pulumi", (_parsed(sdk_version),), "https://www.pulumi.com/docs/install"),
        # The kubeconfig calls it.
        Program("aws", OLDEST_AWS, "https://aws.amazon.com/cli"),
        # One minor version older than the cluster is what Kubernetes supports.
        Program(
            "kubectl",
            ((major, minor - 1),),
            "https://kubernetes.io/docs/tasks/tools",
            needed=False,
        ),
        Program("git", (), "https://git-scm.com", needed=False),
    )


def judge_python(version: Version) -> Check:
    """Judge the Python that runs this."""
    if version >= OLDEST_PYTHON:
        return Check("Python", Status.OK, _dotted(version))
    advice = f"install {_dotted(OLDEST_PYTHON)} or later, then `make setup`"
    return Check("Python", Status.TOO_OLD, _dotted(version), advice)


def judge_program(program: Program, answers: Mapping[str, Answer | None]) -> Check:
    """Judge a program by what it says about its version."""

    def check(status: Status, found: str = "", advice: str = "") -> Check:
        return Check(program.name, status, found, advice, program.needed)

    answer = answers[program.name]
    wanted = " or ".join(_dotted(version) for version in program.oldest)
    get = (
        f"install {wanted} or later: {program.source}"
        if wanted
        else f"install it: {program.source}"
    )
    if answer is None:
        return check(Status.MISSING, advice=get)
    if answer.problem:
        return check(
            Status.BROKEN, answer.problem, f"`{program.name}` on PATH does not work; {get}"
        )
    version = _version_in(answer.output)
    if version is None:
        return check(Status.BROKEN, "tells no version", get)
    enough = not program.oldest or any(
        version[0] == major and version[1] >= minor for major, minor in program.oldest
    )
    return (
        check(Status.OK, _dotted(version))
        if enough
        else check(Status.TOO_OLD, _dotted(version), get)
    )


def judge_region(aws: Answer) -> Check:
    """Judge the region that commands take when none is given."""
    region = _said(aws).get("region")
    if region:
        return Check("region", Status.OK, str(region), needed=False)
    advice = "set AWS_REGION, or a region in the profile; stack files name their own"
    return Check("region", Status.MISSING, advice=advice, needed=False)


def judge_credentials(aws: Answer, *, offline: bool) -> Check:
    """Judge whose the credentials are."""
    if offline:
        return Check("credentials", Status.NOT_CHECKED, "offline")
    said = _said(aws)
    if "principal" in said:
        return Check("credentials", Status.OK, f"account {said['account']}, {said['principal']}")
    return _failed("credentials", aws)


def judge_backend(whoami: Answer | None, *, offline: bool) -> Check:
    """Judge where the state is kept and whether it can be read there."""
    name = "state backend"
    if whoami is None:
        return Check(name, Status.NOT_CHECKED, "offline" if offline else "needs pulumi")
    url = backend_url(whoami)
    if url:
        return Check(name, Status.OK, url)
    if _NOT_LOGGED_IN in whoami.problem:
        return Check(name, Status.MISSING, "not logged in", _LOG_IN_TO_STATE)
    found = whoami.problem or "`pulumi whoami` names no address"
    return Check(name, Status.UNREACHABLE, found, "see `pulumi whoami --verbose`")


def judge_bucket(whoami: Answer | None, answer: Answer | None) -> Check:
    """Judge whether the bucket of the state is there and lets one in."""
    location = bucket_of(backend_url(whoami)) if whoami else None
    if answer is None or location is None:
        known = whoami is not None and backend_url(whoami)
        found = "the state is not in S3" if known else "needs the backend"
        return Check("state bucket", Status.NOT_CHECKED, found)
    if answer.problem or "error" in _said(answer):
        return _failed("state bucket", answer)
    return Check("state bucket", Status.OK, location[0])


def _failed(name: str, answer: Answer) -> Check:
    """Judge an answer of `ask_aws` that holds no good news."""
    said = _said(answer)
    if answer.timed_out or said.get("silent"):
        advice = str(said.get("error", "check the network, the proxy and what gives credentials"))
        return Check(name, Status.UNREACHABLE, answer.problem, advice)
    if "error" in said:
        return Check(name, Status.MISSING, advice=str(said["error"]))
    return Check(name, Status.BROKEN, answer.problem or "no answer", "run `make setup`")


def _said(answer: Answer) -> dict[str, object]:
    """Return the document in an answer; empty when there is none."""
    try:
        said = json.loads(answer.output)
    except json.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _version_in(text: str) -> Version | None:
    found = re.search(r"\d+\.\d+", text)
    return _parsed(found[0]) if found else None


def _parsed(version: str) -> Version:
    major, minor, *_ = version.split(".")
    return int(major), int(minor)


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
