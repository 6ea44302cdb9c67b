"""Terraform's AWS provider is found where Terraform would find it; the newest fitting one wins."""

from pathlib import Path

import pytest

from sandbox.toolbox import ToolUnavailable, terraform_provider_aws
from sandbox.toolbox.download import this_platform
from tests.sandbox.toolbox.conftest import Machine, Recorder

PLATFORM = "_".join(this_platform())
INIT = """\
#!/bin/sh
[ -n "$CHECKPOINT_DISABLE" ] && [ -z "$TF_PLUGIN_CACHE_DIR" ] || exit 9
PATH=/usr/bin:/bin
grep -q hashicorp/aws main.tf || exit 8
directory=.terraform/providers/registry.terraform.io/hashicorp/aws/6.1.0/{platform}
mkdir -p $directory && touch $directory/terraform-provider-aws_v6.1.0
chmod +x $directory/terraform-provider-aws_v6.1.0
"""


def add_provider(mirror: Path, version: str, platform: str = PLATFORM) -> Path:
    directory = mirror / "registry.terraform.io" / "hashicorp" / "aws" / version / platform
    directory.mkdir(parents=True)
    (directory / "LICENSE.txt").touch()
    binary = directory / f"terraform-provider-aws_v{version}_x5"
    binary.touch(mode=0o755)
    return binary


def find(machine: Machine, report: Recorder) -> Path:
    # Whatever this machine has in its own places must not matter here.
    machine.environment.setdefault("XDG_DATA_DIRS", str(machine.bin))
    return terraform_provider_aws(report, machine.environment, add_ons=machine.bin.parent / "opt")


@pytest.fixture
def places(machine: Machine) -> dict[str, Path]:
    """Name each place, and make the environment point to those it decides on."""
    root = machine.bin.parent
    machine.environment |= {
        "TF_CLI_CONFIG_FILE": str(root / "terraform.rc"),
        "TF_PLUGIN_CACHE_DIR": str(root / "plugin-cache"),
        "XDG_DATA_HOME": str(root / "data"),
        "XDG_DATA_DIRS": f"{root / 'dirs-1'}:{root / 'dirs-2'}",
        "TEST_ROOT": str(root),
    }
    (root / "terraform.rc").write_text(
        f'# filesystem_mirror {{ path = "{root}/commented-out" }}\n'
        'plugin_cache_dir = "$TEST_ROOT/configured-cache"\n'
        "provider_installation {\n"
        f'  filesystem_mirror {{\n    path    = "{root}/mirror"\n    include = ["*/*/*"]\n  }}\n'
        "}\n"
    )
    return {
        "plugin cache of the environment": root / "plugin-cache",
        "plugin cache of the configuration": root / "configured-cache",
        "mirror of the configuration": root / "mirror",
        "user's implied mirror": root / "home" / ".terraform.d" / "plugins",
        "user's data directory": root / "data" / "terraform" / "plugins",
        "a shared data directory": root / "dirs-2" / "terraform" / "plugins",
        "add-on software": root / "opt" / "anything",
        "tool cache": machine.cache / "terraform-provider-aws" / ".terraform" / "providers",
    }


@pytest.mark.parametrize(
    "place",
    [
        "plugin cache of the environment",
        "plugin cache of the configuration",
        "mirror of the configuration",
        "user's implied mirror",
        "user's data directory",
        "a shared data directory",
        "add-on software",
        "tool cache",
    ],
)
def test_provider_is_found_in(
    place: str, machine: Machine, places: dict[str, Path], report: Recorder
) -> None:
    expected = add_provider(places[place], "5.100.0")
    assert find(machine, report) == expected


def test_commented_out_mirror_is_not_used(
    machine: Machine, places: dict[str, Path], report: Recorder
) -> None:
    add_provider(machine.bin.parent / "commented-out", "5.100.0")
    with pytest.raises(ToolUnavailable):
        find(machine, report)


def test_newest_fitting_version_wins(
    machine: Machine, places: dict[str, Path], report: Recorder
) -> None:
    add_provider(places["mirror of the configuration"], "5.100.0")
    expected = add_provider(places["add-on software"], "6.10.0")
    add_provider(places["user's data directory"], "6.9.1")
    add_provider(places["user's implied mirror"], "7.0.0")
    assert find(machine, report) == expected


@pytest.mark.parametrize(
    ("version", "platform"), [("4.67.0", PLATFORM), ("6.0.0-beta1", PLATFORM), ("6.1.0", "os_cpu")]
)
def test_unfit_provider_is_not_taken(
    version: str, platform: str, machine: Machine, places: dict[str, Path], report: Recorder
) -> None:
    add_provider(places["add-on software"], version, platform)
    with pytest.raises(ToolUnavailable):
        find(machine, report)


def test_terraform_gets_it_into_the_tool_cache(machine: Machine, report: Recorder) -> None:
    (machine.bin / "tofu").write_text(INIT.format(platform=PLATFORM))
    (machine.bin / "tofu").chmod(0o755)
    machine.environment["TF_PLUGIN_CACHE_DIR"] = str(machine.bin)

    found = find(machine, report)

    assert found.is_relative_to(machine.cache / "terraform-provider-aws")
    assert found.name == "terraform-provider-aws_v6.1.0"
    assert report.steps == ["Download Terraform's AWS provider"]


def test_message_says_where_it_was_looked_for_and_what_helps(
    machine: Machine, places: dict[str, Path], report: Recorder
) -> None:
    (machine.bin / "terraform").write_text(
        "#!/bin/sh\necho Error: Failed to query\necho; echo no such host\necho; echo Hint; exit 1"
    )
    (machine.bin / "terraform").chmod(0o755)
    with pytest.raises(ToolUnavailable) as caught:
        find(machine, report)

    message = str(caught.value)
    assert "Terraform's AWS provider (>= 5.100.0, < 7.0.0) cannot be obtained" in message
    assert str(places["mirror of the configuration"]) in message
    assert "terraform says: Failed to query: no such host\n" in message
    assert f"place the provider at {places['tool cache']}/<host>/hashicorp/aws/" in message


def test_a_configuration_that_cannot_be_read_names_no_place(
    machine: Machine, places: dict[str, Path], report: Recorder
) -> None:
    expected = add_provider(places["plugin cache of the environment"], "5.100.0")
    # A directory in its place fails to be read for every user, root included.
    machine.environment["TF_CLI_CONFIG_FILE"] = str(machine.bin)
    assert find(machine, report) == expected
