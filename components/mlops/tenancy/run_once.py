"""Jobs that run to the end once, and again whenever what they run has changed."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.batch.v1 import Job
from pulumi_kubernetes.core.v1 import PodSpecArgsDict

RETRIES = 5
"""With back-off 10 s, 20 s, 40 s …: outlives the time IAM needs to know a new role."""
DEADLINE_SECONDS = 900
AWAIT = "16m"
"""A little more than the deadline, so that the Job's own verdict is what gets reported."""


def run_once_job(
    name: str,
    *,
    namespace: pulumi.Input[str],
    labels: Mapping[str, str],
    pod: PodSpecArgsDict,
    parent: pulumi.Resource,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    depends_on: Sequence[pulumi.Resource] = (),
) -> Job:
    """Job whose end the deployment waits for.

    A Job cannot be changed: another spec means another Job under another generated name. It has no
    time to live, because a Job that vanished would be made, and run, again with each update.
    """
    return Job(
        name,
        metadata={
            "namespace": namespace,
            "labels": {**labels},
            # One that failed is run anew by the next update, without anybody deleting it first.
            "annotations": {"pulumi.com/replaceUnready": "true"},
        },
        spec={
            "backoff_limit": RETRIES,
            "active_deadline_seconds": DEADLINE_SECONDS,
            "template": {
                "metadata": {"labels": {**labels}, "annotations": {**(annotations or {})}},
                "spec": {**pod, "restart_policy": "Never"},
            },
        },
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=[*depends_on],
            replace_on_changes=["spec"],
            custom_timeouts=pulumi.CustomTimeouts(create=AWAIT, update=AWAIT),
        ),
    )
