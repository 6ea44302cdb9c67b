"""What is made from the models is as the models are now."""

from pathlib import Path

import pytest

from infra.config.schema.generated import generated


@pytest.mark.parametrize("file", [pytest.param(file, id=file.name) for file in generated()])
def test_generated_files_are_current(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == generated()[file], "run `make schema`"
