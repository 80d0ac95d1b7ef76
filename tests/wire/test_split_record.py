"""The wire format of `split.json`: closed, with its schema in the package."""

import json
from importlib import resources

from jsonschema import Draft202012Validator

from ftaudit.wire.split_record import schema


def test_the_schema_in_the_package_is_that_of_the_code_and_closed() -> None:
    file = resources.files("ftaudit.wire") / "schemas" / "split-v1.schema.json"
    shipped = json.loads(file.read_text("utf-8"))
    assert shipped == schema()
    Draft202012Validator.check_schema(shipped)
    assert not any(kind["additionalProperties"] for kind in shipped["$defs"].values())
