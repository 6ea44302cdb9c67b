"""How the Terraform bridge names properties, and when two names mean the same thing."""

import re

_SIBILANT = re.compile(r"(x|ch|ss|sh|alias|tatus|[^aeiou]us)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")


def plural(word: str) -> str:
    """Form the plural the bridge gives to a list attribute, e.g. `subnet_id` -> `subnet_ids`."""
    if word.endswith("index"):
        return word.removesuffix("ex") + "ices"
    if word.endswith(("sis", "axis")):
        return word.removesuffix("is") + "es"
    if _SIBILANT.search(word):
        return word + "es"
    if _CONSONANT_Y.search(word):
        return word.removesuffix("y") + "ies"
    return word if word.endswith("s") else word + "s"


def camel_case(snake: str) -> str:
    """`kms_key_id` -> `kmsKeyId`, character by character as the bridge does it."""
    head, *rest = snake.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def meaning(name: str) -> str:
    """Return a key that is equal for singular and plural, upper and lower case of a name."""
    many = plural(name.lower())
    # The SDK prefers the regular plural where the bridge has the Latin one.
    return many.removesuffix("indexes") + "indices" if many.endswith("indexes") else many
