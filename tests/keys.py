"""Every key a stack file may hold."""

from infra.config.blocks import Block, block_of


def all_keys(model: type[Block], prefix: str = "") -> set[str]:
    """Return the keys that hold a value, with dots between the blocks around them.

    A block that may be left out counts as a value.
    """
    keys = set()
    for name, field in model.model_fields.items():
        block = block_of(field)
        is_optional = field.annotation is not block
        if block and not is_optional:
            keys |= all_keys(block, f"{prefix}{name}.")
        else:
            keys.add(prefix + name)
    return keys
