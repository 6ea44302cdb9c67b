"""Pins pin."""

import re

from infra import versions


def test_the_image_has_an_exact_version() -> None:
    assert re.fullmatch(r"[\w./-]+:v\d+\.\d+\.\d+(-\w+)?", versions.MLFLOW_IMAGE)


def test_addons_have_exact_versions() -> None:
    for name, version in versions.CLUSTER_ADDONS.items():
        assert re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", version), name
