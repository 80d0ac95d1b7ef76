"""`ftaudit schema`: print the JSON Schema of a file that people or ftaudit write."""

import json
from collections.abc import Mapping
from importlib import resources

import click

SHIPPED = {
    "provenance": "provenance.schema.json",
    "plan": "plan-v1.schema.json",
    "manifest": "manifest-v1.schema.json",
    "evaluation": "evaluation-v1.schema.json",
    "lineage": "lineage-v1.schema.json",
    "split": "split-v1.schema.json",
}
"""Name → the file of the schema in `ftaudit.wire`."""


@click.command(
    epilog=(
        "Example:\n\n"
        "  ftaudit schema policy > policy.schema.json\n\n"
        "and as the first line of policy.yaml:\n\n"
        "  # yaml-language-server: $schema=policy.schema.json"
    )
)
@click.argument("name", type=click.Choice(["policy", *SHIPPED]), metavar="NAME")
def command(name: str) -> None:
    """Print the JSON Schema of a file that people or ftaudit write.

    NAME is policy, provenance, plan, manifest, evaluation, lineage or split.

    Editors that know JSON Schema complete keys with it, and mark what is wrong.
    """
    schema = _policy() if name == "policy" else _shipped(SHIPPED[name])
    click.echo(json.dumps(schema, indent=2, sort_keys=True))


def _policy() -> Mapping[str, object]:
    from ftaudit.policy.policy import json_schema

    return json_schema()


def _shipped(file: str) -> Mapping[str, object]:
    path = resources.files("ftaudit.wire") / "schemas" / file
    schema: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return schema
