"""The two sides of the translation: the installed SDK, and a small Terraform provider."""

from pathlib import Path

import pytest

from sandbox.plugins.aws.sdk_schema import SdkSchema
from sandbox.plugins.aws.terraform_schema import TerraformSchema
from sandbox.plugins.aws.vocabulary import Vocabulary
from tests.sandbox.plugins.aws.sample_schema import mapping


@pytest.fixture(scope="session")
def sdk_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One memory for all tests, as for all runs."""
    return tmp_path_factory.mktemp("aws-sdk")


@pytest.fixture
def terraform() -> TerraformSchema:
    return TerraformSchema.from_mapping(mapping())


@pytest.fixture
def vocabulary(sdk_cache: Path, terraform: TerraformSchema) -> Vocabulary:
    return Vocabulary(SdkSchema(sdk_cache), terraform)
