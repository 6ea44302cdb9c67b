"""The stack as a whole."""

from collections.abc import Iterator

from policies.rule import Resource, ResourceRule, Severity


def _explicit_provider(resource: Resource) -> Iterator[str]:
    if resource.provider_name.startswith("default"):
        yield (
            f"{resource.name} uses the default provider, so account, region and tags come from "
            "whoever runs the program"
        )


RULES = (
    ResourceRule(
        id="stack-explicit-provider",
        title="Every resource is made through a provider of the program.",
        fix="Pass the program's provider to the component.",
        severity=Severity.HIGH,
        types=("aws:", "kubernetes:"),
        check=_explicit_provider,
    ),
)
