"""Emulators that do not give back all they were told.

Terraform would take that for a change made behind its back, and change or replace the resource
each time. So the program is shown what it asked for, and no difference is reported in a listed
property as long as the program asks for the same.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.plugins.aws import wire
from sandbox.plugins.aws.autonaming import DEFAULTS, RULES
from sandbox.plugins.aws.tokens import Match

FORGOTTEN: Mapping[str, frozenset[str]] = {
    "aws_db_instance": frozenset({"enabledCloudwatchLogsExports", "performanceInsightsKmsKeyId"}),
    "aws_eks_cluster": frozenset(
        {
            "accessConfig",
            "computeConfig",
            "enabledClusterLogTypes",
            "encryptionConfig",
            "kubernetesNetworkConfig",
            "remoteNetworkConfig",
            "storageConfig",
            "tags",
            "tagsAll",
            "upgradePolicy",
            "version",
            "vpcConfig",
            "zonalShiftConfig",
        }
    ),
    "aws_flow_log": frozenset(
        {"iamRoleArn", "logFormat", "logGroupName", "maxAggregationInterval", "tags", "tagsAll"}
    ),
    "aws_vpc_endpoint": frozenset({"policy"}),
    "aws_vpc_security_group_egress_rule": frozenset({"tags", "tagsAll"}),
}
"""Terraform resource -> properties that the emulator takes and does not give back."""

NEVER_CHANGED = frozenset({"aws_eks_cluster"})
"""Terraform resources that the emulator can create and delete, but not change."""


def _master_secret(state: wire.Properties) -> list[wire.Properties]:
    """Name the secret that RDS keeps the master password in."""
    arn = (
        str(state.get("arn", ""))
        .replace(":rds:", ":secretsmanager:")
        .replace(":db:", ":secret:rds!db-")
    )
    key = state.get("masterUserSecretKmsKeyId") or ""
    return [{"secretArn": arn, "secretStatus": "active", "kmsKeyId": key}]


NEVER_MADE: Mapping[tuple[str, str], tuple[str, Callable[[wire.Properties], Any]]] = {
    ("aws_db_instance", "masterUserSecrets"): ("manageMasterUserPassword", _master_secret),
}
"""Resource and result -> the input that asks for it, and what AWS would answer."""


def completed(match: Match, inputs: wire.Properties, state: wire.Properties) -> wire.Properties:
    """Show in a state what the inputs asked for and the emulator did not give back."""
    shown = dict(state)
    unchanged = match.terraform_name in NEVER_CHANGED
    for name in FORGOTTEN.get(match.terraform_name, ()):
        if name in inputs:
            asked, given = inputs[name], state.get(name)
            shown[name] = _merged(given, asked) if unchanged else _merged(asked, given)
    for (resource, result), (asked_by, make) in NEVER_MADE.items():
        if resource == match.terraform_name and inputs.get(asked_by) and not state.get(result):
            shown[result] = make(state)
    return shown


def remembered(match: Match, before: wire.Properties, now: wire.Properties) -> wire.Properties:
    """Complete the inputs that the bridge derived from what it read."""
    if not now:
        return now
    forgotten = FORGOTTEN.get(match.terraform_name, ())
    kept = {name: before[name] for name in forgotten if name in before}
    rule = RULES.get(match.terraform_name)
    if rule and rule.property in before.get(DEFAULTS, []) and rule.property in now:
        kept[DEFAULTS] = sorted({*now.get(DEFAULTS, []), rule.property})
    return {**now, **kept}


def forgive_forgotten(match: Match, request: Any, answer: Any) -> None:
    """Take differences out of a `Diff` answer that the program did not ask for."""
    forgotten = FORGOTTEN.get(match.terraform_name)
    if not forgotten:
        return
    before, now = wire.decoded(request.old_inputs), wire.decoded(request.news)
    forgiven = {name for name in forgotten if before.get(name) == now.get(name)}
    for names in (answer.replaces, answer.diffs):
        names[:] = [name for name in names if _first(name) not in forgiven]
    for path in list(answer.detailedDiff):
        if _first(path) in forgiven:
            del answer.detailedDiff[path]
    if not answer.detailedDiff and not answer.diffs and not answer.replaces:
        answer.changes = answer.DIFF_NONE


def _merged(second: Any, first: Any) -> Any:
    """Take from `first` what is not empty there, and the rest from `second`."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {key: _merged(second.get(key), first.get(key)) for key in {**second, **first}}
    return first or second


def _first(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
