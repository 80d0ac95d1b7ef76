"""Read suites in Great Expectations' JSON format; unknown content is an error.

A suite is `{"name", "expectations": [{"type", "kwargs", "meta", "severity", "id"}], "meta"}`.
Great Expectations itself logs and drops what it does not know and then reports success; here
every such case is an error that names the file and the expectation.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from ftaudit.model.dataset import SPLITS
from ftaudit.model.documents import read_text
from ftaudit.model.errors import InputError, suggestion

SEVERITIES: Final = ("critical", "warning", "info")
"""Great Expectations' severities; `critical` is its default."""

SUITE_KEYS: Final = frozenset({"name", "id", "expectations", "meta", "notes"})
EXPECTATION_KEYS: Final = frozenset(
    {"type", "kwargs", "meta", "severity", "id", "notes", "description", "rendered_content"}
)
OWN_KEYS: Final = frozenset({"applies_to", "columns", "formats"})


class Expectation(Struct, frozen=True):
    """One expectation of a suite, with its file and position."""

    file: str
    suite: str
    index: int
    """Position in the suite, from 0."""
    type: str
    kwargs: Mapping[str, object]
    severity: str = "critical"
    splits: tuple[str, ...] = SPLITS
    """The splits it is held against."""

    @property
    def column(self) -> str | None:
        """The column that it names, if it names exactly one."""
        named = self.kwargs.get("column")
        return named if isinstance(named, str) else None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that must exist for it to be evaluated, in the order named."""
        if self.type == "expect_column_to_exist" or self.type.startswith("expect_table_"):
            return ()
        single = [self.kwargs.get(k) for k in ("column", "column_A", "column_B")]
        several = self.kwargs.get("column_list")
        named = [*single, *(several if isinstance(several, list) else ())]
        return tuple(dict.fromkeys(c for c in named if isinstance(c, str)))

    @property
    def place(self) -> str:
        """Its position in the file, for errors."""
        return f"expectation {self.index + 1} ({self.type})"

    def error(self, problem: str, remedy: str = "") -> InputError:
        """Build the error that names this expectation."""
        return InputError(self.file, problem, place=self.place, remedy=remedy)


class Suite(Struct, frozen=True):
    """A suite, as read from its file."""

    name: str
    sha256: str
    """Of the file's bytes as UTF-8 text."""
    expectations: tuple[Expectation, ...]
    canonical: bool = False
    """Columns are named by canonical row (`input`, `label`), to be mapped to the data's own."""
    formats: tuple[str, ...] = ()
    """Record formats it is meant for; empty means any."""


def read_suites(paths: Sequence[str]) -> tuple[Suite, ...]:
    """Read every suite in `paths`: files, or folders whose `*.json` are read in order of name.

    Raises:
        InputError: a path that does not exist, a folder without suites, or a malformed suite.
    """
    files = [file for path in paths for file in _files(Path(path))]
    return tuple(read_suite(file) for file in files)


def _files(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    files = tuple(sorted(path.glob("*.json")))
    if not files:
        problem = "the folder holds no suite (*.json)"
        raise InputError(path, problem, remedy="Name a folder or file of Great Expectations suites")
    return files


def read_suite(path: Path) -> Suite:
    """Read one suite.

    Raises:
        InputError: unreadable, not JSON (names the line), or not a suite of GX 1.x.
    """
    text = read_text(path, kind="expectation suite")
    return parse_suite(text, str(path))


def parse_suite(text: str, file: str) -> Suite:
    """Parse the text of a suite; `file` stands for it in errors.

    Raises:
        InputError: not JSON (names the line), or not a suite of GX 1.x.
    """
    document = _json(text, file)
    _known_keys(document, SUITE_KEYS, file, "")
    entries = document.get("expectations")
    if not isinstance(entries, list) or not entries:
        problem = "the suite declares no expectations, so passing it would mean nothing"
        raise InputError(file, problem, remedy='Add at least one under "expectations"')
    own = _own(document, file, "")
    name = str(document.get("name") or Path(file).stem)
    splits = _splits(own, file, "meta.ftaudit.applies_to")
    expectations = tuple(_expectations(entries, file, name, splits))
    digest = sha256(text.encode()).hexdigest()
    formats = own.get("formats")
    return Suite(
        name,
        digest,
        expectations,
        canonical=own.get("columns") == "canonical",
        formats=tuple(map(str, formats)) if isinstance(formats, list) else (),
    )


def _json(text: str, file: str) -> dict[str, object]:
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        problem, place = f"not JSON: {error.msg}", f"line {error.lineno}"
        raise InputError(file, problem, place=place, remedy="Correct the syntax") from None
    except KeyError as error:
        problem = f"the key {error.args[0]} stands twice in one object"
        raise InputError(file, problem, remedy="Remove one") from None
    except RecursionError:
        raise InputError(file, "not a suite: nested too deeply") from None
    if not isinstance(document, dict):
        problem = "a suite is a JSON object with name and expectations"
        raise InputError(file, problem, remedy="See expectations/ of ftaudit for examples")
    if "expectation_suite_name" in document:
        raise _outdated(file, "expectation_suite_name")
    return document


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key, value in pairs:
        if key in mapping:
            raise KeyError(key)
        mapping[key] = value
    return mapping


def _outdated(file: str, key: str, place: str = "") -> InputError:
    problem = f"this is a suite of Great Expectations 0.x ({key} is its key)"
    remedy = (
        "Rename expectation_suite_name to name and expectation_type to type, or save it with GX 1.x"
    )
    return InputError(file, problem, place=place, remedy=remedy)


def _expectations(
    entries: Sequence[object], file: str, suite: str, splits: tuple[str, ...]
) -> Iterator[Expectation]:
    for index, entry in enumerate(entries):
        place = f"expectation {index + 1}"
        if not isinstance(entry, dict):
            raise InputError(file, "an expectation is a JSON object", place=place)
        if "expectation_type" in entry:
            raise _outdated(file, "expectation_type", place)
        _known_keys(entry, EXPECTATION_KEYS, file, place)
        type_, kwargs = entry.get("type"), entry.get("kwargs", {})
        if not isinstance(type_, str) or not isinstance(kwargs, dict):
            problem = 'an expectation needs "type" (text) and "kwargs" (an object)'
            raise InputError(file, problem, place=place)
        severity = entry.get("severity") or "critical"
        if severity not in SEVERITIES:
            problem = f"the severity is none of {', '.join(SEVERITIES)}"
            raise InputError(file, problem + suggestion(str(severity), SEVERITIES), place=place)
        own = _own(entry, file, place)
        own_splits = _splits(own, file, place) if "applies_to" in own else splits
        yield Expectation(file, suite, index, type_, kwargs, str(severity), own_splits)


def _known_keys(
    document: Mapping[str, object], allowed: frozenset[str], file: str, place: str
) -> None:
    for key in document:
        if key not in allowed:
            problem = f"the key {key} is unknown{suggestion(key, allowed)}"
            raise InputError(
                file, problem, place=place, remedy=f"Known: {', '.join(sorted(allowed))}"
            )


def _own(document: Mapping[str, object], file: str, place: str) -> Mapping[str, object]:
    """Return `meta.ftaudit`, where ftaudit's own settings stand in a GX file."""
    meta = document.get("meta") or {}
    own = meta.get("ftaudit", {}) if isinstance(meta, dict) else {}
    if not isinstance(own, dict):
        raise InputError(file, "meta.ftaudit is a JSON object", place=place)
    _known_keys(own, OWN_KEYS, file, f"{place}, meta.ftaudit".removeprefix(", "))
    return own


def _splits(own: Mapping[str, object], file: str, place: str) -> tuple[str, ...]:
    named = own.get("applies_to", list(SPLITS))
    if not isinstance(named, list) or not named:
        raise InputError(file, "applies_to is a list of splits", place=place)
    for split in named:
        if split not in SPLITS:
            problem = f"applies_to names no split{suggestion(str(split), SPLITS)}"
            raise InputError(file, problem, place=place, remedy=f"Splits: {', '.join(SPLITS)}")
    return tuple(s for s in SPLITS if s in named)
