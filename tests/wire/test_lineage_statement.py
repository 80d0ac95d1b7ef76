"""The wire format of lineage: closed, with its schema in the package."""

import json
from importlib import resources

import pytest

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.wire.lineage_statement import LINEAGE_TYPE, from_json, schema
from ftaudit.wire.manifest import STATEMENT_TYPE


def test_the_schema_in_the_package_is_that_of_the_code() -> None:
    file = resources.files("ftaudit.wire") / "schemas" / "lineage-v1.schema.json"
    assert json.loads(file.read_text("utf-8")) == schema()


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("[", InputError, "not JSON"),
        ("{}", InputError, "not an in-toto Statement"),
        ({"_type": STATEMENT_TYPE, "predicateType": "x"}, IntegrityError, "another type"),
        ({"_type": STATEMENT_TYPE, "predicateType": LINEAGE_TYPE}, IntegrityError, "version 1"),
        ('{"_type": 1, "_type": 2}', IntegrityError, "a key stands twice"),
        ('{"_type": 1e999}', IntegrityError, "numbers that lineage cannot"),
    ],
)
def test_a_text_that_is_no_lineage_is_refused(
    value: object, error: type[Exception], message: str
) -> None:
    data = (value if isinstance(value, str) else json.dumps(value)).encode()
    with pytest.raises(error, match=message):
        from_json(data)
