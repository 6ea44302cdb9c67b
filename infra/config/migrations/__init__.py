"""How a file of an older version is rewritten: one module per step, found by its name.

`v1_to_v2.py` holds `migrate(settings: StackText) -> None`, which edits those keys that a file sets.
That the module is there makes 2 the current version.
"""
