"""The regions a stack may stand in."""

import json
from functools import cache
from importlib import resources

COMMERCIAL = "aws"
"""The partition whose ARNs begin with arn:aws, as they do in our policies and trusts."""


@cache
def commercial_regions() -> tuple[str, ...]:
    """Return the code of every commercial region that the installed AWS SDK knows.

    Its data is read as a file: to import the SDK takes longer than to check a stack file.
    """
    data = resources.files("botocore") / "data" / "partitions.json"
    partitions = json.loads(data.read_text(encoding="utf-8"))["partitions"]
    [commercial] = [partition for partition in partitions if partition["id"] == COMMERCIAL]
    return tuple(sorted(code for code in commercial["regions"] if not code.endswith("-global")))
