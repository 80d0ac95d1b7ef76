"""Tables of any Arrow type and records of any JSON shape, each made from one number.

`python -m tests.fuzz.shapes COUNT [FIRST]`, which `make fuzz` calls, ends with 1 if any failed.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from ftaudit.model.errors import FtauditError
from ftaudit.model.watched_parts import covers, plain_path
from ftaudit.pipeline.session import NamedData, ReadingOptions, open_session
from ftaudit.records.recognised import Recognised

NAMES: Final = (
    *("text", "label", "messages", "conversations", "prompt", "completion", "chosen", "rejected"),
    *("question", "answers", "context", "choices", "labels", "score", "tokens", "ner_tags", "id"),
    *("input", "output", "instruction", "system", "tools", "image", "premise", "hypothesis", "x y"),
    *("response_a", "response_b", "role", "conversation_id", "en", "de", "query", "pos", "remark"),
)
"""Names that formats look for, and some that none does."""

QUOTED: Final = "quentin unique was seen at the northern gate"
"""Text that no message may quote."""

_LEAVES: Final[tuple[tuple[Callable[[], Any], object], ...]] = (
    *((pa.string, QUOTED), (pa.string, QUOTED), (pa.large_string, "a"), (pa.string_view, QUOTED)),
    *((pa.bool_, True), (pa.int8, 1), (pa.int64, -5), (pa.uint64, 2**64 - 1), (pa.float16, 0.5)),
    *(
        (pa.float32, float("nan")),
        (pa.float64, 1e300),
        (pa.null, None),
        (pa.date32, date(2020, 1, 1)),
    ),
    *((pa.binary, QUOTED.encode()), (pa.binary, b"\xff\x00"), (pa.large_binary, b"a")),
    *(
        (lambda: pa.binary(2), b"ab"),
        (lambda: pa.timestamp("ns"), 2**62),
        (lambda: pa.time64("us"), 5),
    ),
    *((lambda: pa.timestamp("s", tz="UTC"), 2**33), (lambda: pa.duration("ms"), timedelta(1))),
    *((lambda: pa.decimal128(9, 2), Decimal("1.5")), (lambda: pa.decimal256(50, 2), Decimal(1))),
    *(
        (pa.month_day_nano_interval, (1, 2, 3)),
        (lambda: pa.dictionary(pa.int8(), pa.string()), "a"),
    ),
)
_FIELDS: Final = ("role", "content", "from", "value", "text", "type", "start", "end", "label", "a")


def table(number: int) -> pa.Table:
    """Return a table of some columns of types nested up to three deep, with nulls and empties."""
    chance = random.Random(number)  # noqa: S311 - no secret is made
    names = chance.sample(NAMES, chance.randint(1, 5))
    rows = chance.choice((0, 1, 3, 3, 9))
    columns = {}
    for name in names:
        dtype, make = _nested(chance, 3)
        values = [None if chance.random() < 0.2 else make() for _ in range(rows)]
        columns[name] = pa.array(values, dtype)
    return pa.table(columns)


def _nested(chance: random.Random, depth: int) -> tuple[Any, Callable[[], object]]:
    """Return a type, and what makes a value of it."""
    kind = chance.choice(("leaf", "leaf", "list", "struct", "fixed", "map", "view"))
    if depth == 0 or kind == "leaf":
        make_type, value = chance.choice(_LEAVES)
        return make_type(), lambda: value
    inner, make = _nested(chance, depth - 1)
    match kind:
        case "list":
            return pa.list_(inner), lambda: [make()] * chance.randint(0, 2)
        case "fixed":
            return pa.list_(inner, 2), lambda: [make(), make()]
        case "view":
            views = chance.choice((pa.large_list, pa.list_, pa.list_view))
            return views(inner), lambda: [make()]
        case "map":
            return pa.map_(pa.string(), inner), lambda: [("k", make())]
        case _:
            names = chance.sample(_FIELDS, chance.randint(1, 3))
            fields = {name: _nested(chance, depth - 1) for name in names}
            return pa.struct([(name, dtype) for name, (dtype, _) in fields.items()]), lambda: {
                name: value() for name, (_, value) in fields.items()
            }


def document(number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a JSON file of any shape."""
    chance = random.Random(number)  # noqa: S311 - no secret is made
    records = [_record(chance) for _ in range(chance.randint(0, 4))]
    lines = [json.dumps(record, allow_nan=chance.random() < 0.9) for record in records]
    layouts: tuple[Callable[[], str], ...] = (
        lambda: "\n".join(lines),
        lambda: "\n".join(lines),
        lambda: json.dumps(records),
        lambda: json.dumps({"data": records, "version": 1}),
        lambda: json.dumps(dict(enumerate(records))),
        lambda: json.dumps({name: [r.get(name) for r in records] for name in NAMES[:3]}),
        lambda: "\n".join(json.dumps(record, indent=1) for record in records),
        lambda: json.dumps(_value(chance, 3)),
    )
    text = chance.choice(layouts)()
    return chance.choice(("a.json", "a.jsonl")), text.encode()


def _record(chance: random.Random) -> dict[str, object]:
    names = chance.sample(NAMES, chance.randint(0, 4))
    return {name: _value(chance, 3) for name in names}


def _value(chance: random.Random, depth: int) -> object:
    if depth and chance.random() < 0.4:
        if chance.random() < 0.5:
            return [_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
        names = chance.sample(_FIELDS, chance.randint(0, 3))
        return {name: _value(chance, depth - 1) for name in names}
    leaves = (QUOTED, QUOTED, "", "user", "assistant", None, True, 1, -2.5, 2**70, "0", "a, b")
    return chance.choice(leaves)


def wrong_with(data: object) -> str:
    """Read data as a scan does, and return what is wrong with how that ends."""
    try:
        session = open_session(NamedData.of(data), ReadingOptions())  # type: ignore[arg-type] # any table
        columns = session.recognised.roles.keys()
        if set(columns) != set(session.inputs.schema):
            return "a column has no role"
        rows = pl.concat(list(session.dataset.rows.batches()))
        if rows.height != sum(file.rows for file in session.inputs.files):
            return "rows were lost"
        if parts := parts_without_role(session.recognised, rows):
            return f"parts have no role: {parts}"
    except FtauditError as error:
        text = str(error)
        problem = "an error of several lines" if "\n" in text or not text else ""
        return "an error that quotes the data" if QUOTED in text else problem
    except BaseException as error:  # noqa: BLE001 - a fuzz target wants to see everything
        return f"{type(error).__name__}: {error}"[:300].replace("\n", " ")
    return ""


def parts_without_role(recognised: Recognised, rows: pl.DataFrame) -> list[str]:
    """Return the paths of strings inside columns that no part which has a role covers."""
    roles = [*recognised.read_parts, *recognised.not_read]
    whole = {c for c, role in recognised.roles.items() if role.value in {"copy", "tools"}}
    held = rows.explode("fields", empty_as_null=False, keep_nulls=False)["fields"].struct["path"]
    watched = recognised.watched_parts.nested
    paths = {
        plain_path(column, path)
        for path in held.unique()
        for column in watched - whole
        if path.startswith((f"{column}.", f"{column}["))
    }
    inner = (path for path in paths if "." in path)
    return sorted(path for path in inner if not any(covers(part, path) for part in roles))


def failures(first: int, count: int) -> Mapping[str, str]:
    """Return what is wrong with tables and files from number `first` on, by their number."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            name, text = document(number)
            path = Path(folder, name)
            path.write_bytes(text)
            for kind, data in (("table", table(number)), (name, path)):
                if wrong := wrong_with(data):
                    found[f"{kind} {number}"] = wrong
    return found


if __name__ == "__main__":
    wrong = failures(int(sys.argv[2]) if len(sys.argv) > 2 else 0, int(sys.argv[1]))
    print(*(f"{key}: {text}" for key, text in wrong.items()), sep="\n")  # noqa: T201 - a command
    sys.exit(bool(wrong))
