"""Every key a stack file may hold."""

from infra.config.model import Block, Environment


def all_keys(block: type[Block] = Environment, prefix: str = "") -> set[str]:
    """Return the keys that hold a value, with dots between the blocks around them."""
    keys = set()
    for name, field in block.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Block):
            keys |= all_keys(inner, f"{prefix}{name}.")
        else:
            keys.add(prefix + name)
    return keys
