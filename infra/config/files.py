"""The folder of stack files."""

from pathlib import Path

from infra.config.document import Document, from_file

FOLDER = Path(__file__).parents[2] / "stacks"
ORGANISATION_FILE = "defaults.yaml"


def stack_files(folder: Path = FOLDER) -> list[Path]:
    """Return all stack files, by name."""
    return sorted(folder.glob("Pulumi.*.yaml"))


def stack_name(file: Path) -> str:
    """Return the name of the stack a file configures."""
    return file.name.removeprefix("Pulumi.").removesuffix(".yaml")


def file_of(stack: str, folder: Path = FOLDER) -> Path:
    """Return where the file of a stack is, or would be."""
    return folder / f"Pulumi.{stack}.yaml"


def label_of(file: Path) -> str:
    """Return the name of a file as messages show it: folder and name."""
    return f"{file.parent.name}/{file.name}"


def read_all(folder: Path = FOLDER) -> dict[str, Document]:
    """Return what all stack files say, by stack; each is read once."""
    return {stack_name(file): from_file(file, label_of(file)) for file in stack_files(folder)}
