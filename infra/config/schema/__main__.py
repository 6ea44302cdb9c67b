"""Write what is made from the models: `make schema`."""

from infra.config.schema.generated import generated

for file, text in generated().items():
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
