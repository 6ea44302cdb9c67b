"""Documents of the policies that AWS publishes and the components attach."""

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data


@cache
def managed_policy(arn: str) -> dict[str, Any]:
    """Return the document of a policy of AWS; KeyError where AWS publishes none of that name."""
    return _all()[arn.rpartition("/")[2]]["Document"]  # type: ignore[no-any-return]


@cache
def _all() -> dict[str, Any]:
    return json.loads(aws_managed_policies_data)  # type: ignore[no-any-return]
