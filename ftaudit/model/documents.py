"""Files that a person writes: YAML (or JSON) parsed once, at the edge, into typed models.

Every error names the file, the line, what was expected, and the nearest key that exists.
"""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import msgspec
import yaml

from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.document_models import DocumentSection, explaining_model, read_section
from ftaudit.model.errors import InputError, suggestion

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound="BaseModel | DocumentSection")
Place: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead to a value of a document."""

LARGEST: Final = 4 * 1024 * 1024
"""Bytes beyond which a file is not one that a person wrote."""


ALIASED: Final = 100_000
"""Values that aliases may stand for, beside those that are written out."""


class _Loader(yaml.SafeLoader):
    """Safe, and with the booleans of YAML 1.2: `off` is a severity, `no` is Norway."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith(":bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$"), list("TtFf")
)


class _QuickLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml's, where there is one
    """The same loader over libyaml, ten times as fast."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


_DEEPEST: Final = 500
"""Levels up to which the recursion of the quick loader is safe."""

_INDENTS: Final = " \t-?:"
"""What begins a line of blocks within blocks: each level takes one of these, or a list none."""
_LONG: Final = 200_000
"""Characters beyond which the slow loader is not asked for its words on what is wrong."""


def load_document(path: Path | str, model: type[Model], *, kind: str) -> Model:
    """Read `path` as YAML and validate it as `model`.

    Args:
        path: the file, as the user named it.
        model: a section, or a pydantic model that forbids unknown keys.
        kind: what the file is to the user, such as `policy`.

    Raises:
        InputError: unreadable, not YAML, or not what `model` expects; names the line.
    """
    return parse_document(read_text(path, kind=kind), model, name=str(path), kind=kind)


def read_text(path: Path | str, *, kind: str) -> str:
    """Return the text of a file that a person wrote.

    Raises:
        InputError: missing, unreadable, too large, or not UTF-8.
    """
    try:
        data = read_bounded(path, LARGEST)
    except OSError as error:
        problem = f"the {kind} file cannot be read ({error.strerror})"
        raise InputError(path, problem, remedy="Name a file that exists and is readable") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = f"the {kind} file is not UTF-8"
        raise InputError(path, problem, place=f"line {line}", remedy="Save it as UTF-8") from None


def parse_document(text: str, model: type[Model], *, name: str, kind: str) -> Model:
    """Validate YAML `text` as `model`; `name` stands for the file in errors.

    Raises:
        InputError: not YAML, or not what `model` expects; names the line.
    """
    return parse_lined(text, model, name=name, kind=kind)[0]


def parse_lined(
    text: str, model: type[Model], *, name: str, kind: str
) -> tuple[Model, object, dict[Place, int]]:
    """Do as `parse_document`; return the plain value and the line of every key and item, too.

    The plain value is what was validated: what the document says, and no default.
    """
    value, lines = parse_yaml(text, name=name, kind=kind)
    if not isinstance(value, dict):
        problem = f"a {kind} file is a mapping of keys to values"
        raise InputError(name, problem, place="line 1", remedy="See `ftaudit init` for a starter")
    if issubclass(model, DocumentSection):
        value = model.prepared(value)
        with suppress(msgspec.ValidationError):
            return msgspec.convert(value, model), value, lines
    return _explained(value, model, lines, name=name, kind=kind), value, lines


def _explained(
    value: object, model: type[Model], lines: Mapping[Place, int], *, name: str, kind: str
) -> Model:
    """Validate a value with pydantic, which takes more than msgspec and says what is wrong."""
    from pydantic import ValidationError

    try:
        if issubclass(model, DocumentSection):
            return read_section(value, model)
        return model.model_validate(value)
    except ValidationError as error:
        explaining = explaining_model(model) if issubclass(model, DocumentSection) else model
        raise _explain(error, explaining, lines, name=name, kind=kind) from None


def parse_yaml(text: str, *, name: str, kind: str) -> tuple[object, dict[Place, int]]:
    """Return the value of YAML `text`, and the 1-based line of every key and item by its path.

    Raises:
        InputError: not YAML, a key that stands twice in one mapping, aliases that lead back to
            themselves or stand for more than a person writes, or a value that is no finite number
            or no text.
    """
    try:
        loader, node = _composed(text)
        if node is None:
            return None, {}
        _Nodes(name, loader).check(node)
        lines = _lines(node, name)  # before values are made, which merges keys into the nodes
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"not YAML: {error.problem or 'syntax error'}"
        raise InputError(name, problem, place=f"line {line}") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise InputError(name, f"the {kind} file is not YAML") from None


def _composed(text: str) -> tuple[yaml.SafeLoader, yaml.Node | None]:
    """Return a loader and the root of the document; errors are the slow loader's, if not long."""
    try:
        if _is_shallow(text):
            quick = _QuickLoader(text)
            return quick, quick.get_single_node()
    except (yaml.YAMLError, ValueError):
        if len(text) > _LONG:
            raise
    if len(text) > _LONG:
        raise yaml.YAMLError  # deeper than a person writes
    loader = _Loader(text)
    return loader, loader.get_single_node()


def _is_shallow(text: str) -> bool:
    """Tell whether a document has no more than `_DEEPEST` levels, without recursion."""
    flows = text.count("[") + text.count("{")
    widest = max((len(line) - len(line.lstrip(_INDENTS)) for line in text.splitlines()), default=0)
    if 2 * (widest + 1) + flows <= _DEEPEST:  # a list may stand at the indent of its key
        return True
    parser, depth = _QuickLoader(text), 0
    while parser.check_event():
        event = parser.get_event()
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return False
    return True


def _lines(node: yaml.Node, name: str) -> dict[Place, int]:
    lines: dict[Place, int] = {}
    for path, line in _walk(node, ()):
        if path in lines:
            problem = f"the key {path[-1]} stands twice (first on line {lines[path]})"
            raise InputError(name, problem, place=f"line {line}", remedy="Remove one")
        lines[path] = line
    return lines


class _Nodes:
    """The nodes of a document before any value is made of them: an alias is its anchor's node.

    A few hundred bytes of aliases of aliases stand for terabytes; so do merge keys, which copy
    what they name.
    """

    def __init__(self, name: str, loader: yaml.SafeLoader) -> None:
        self._name, self._loader = name, loader
        self._sizes: dict[int, int] = {}
        self._entered: set[int] = set()

    def check(self, root: yaml.Node) -> None:
        """Refuse what must not become a value."""
        size = self._size(root)
        if size - len(self._sizes) > ALIASED:
            raise self._refused(root, f"its aliases stand for more than {ALIASED:,} values")

    def _size(self, node: yaml.Node) -> int:
        """Return how many values the node stands for, aliases followed."""
        if id(node) in self._sizes:
            return self._sizes[id(node)]
        if id(node) in self._entered:
            raise self._refused(node, "an alias leads back to what it stands in")
        self._entered.add(id(node))
        if isinstance(node, yaml.MappingNode):
            size = 1 + sum(self._size(key) + self._size(value) for key, value in node.value)
            self._check_keys(node)
        elif isinstance(node, yaml.SequenceNode):
            size = 1 + sum(map(self._size, node.value))
        else:
            size = 1
            if isinstance(node, yaml.ScalarNode):
                self._check_scalar(node)
        self._sizes[id(node)] = size
        return size

    def _check_keys(self, node: yaml.MappingNode) -> None:
        """Refuse a key that stands twice in two spellings: `1` and `0x1`, `true` and `True`."""
        seen: set[object] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith((":merge", ":str")):
                continue  # equal texts are refused by their lines
            value = self._loader.construct_object(key)
            if value in seen:
                raise self._refused(key, "a key stands twice, spelled in two ways")
            seen.add(value)

    def _check_scalar(self, node: yaml.ScalarNode) -> None:
        try:
            str(node.value).encode()
        except UnicodeEncodeError:
            raise self._refused(node, "half of a surrogate pair is no text") from None
        if node.tag.endswith(":float") and not math.isfinite(
            self._loader.construct_yaml_float(node)
        ):
            raise self._refused(node, "a finite number is expected")

    def _refused(self, node: yaml.Node, problem: str) -> InputError:
        return InputError(self._name, problem, place=f"line {node.start_mark.line + 1}")


def _walk(node: yaml.Node, path: Place) -> Iterator[tuple[Place, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, str(key.value))
            yield place, key.start_mark.line + 1
            yield from _walk(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield (*path, i), value.start_mark.line + 1
            yield from _walk(value, (*path, i))


def _explain(
    error: "ValidationError",
    model: "type[BaseModel]",
    lines: Mapping[Place, int],
    *,
    name: str,
    kind: str,
) -> InputError:
    """Turn the first validation error into one line; count the others."""
    problems = error.errors(include_url=False, include_input=False)
    # an unknown key often is the missing one misspelt, so it is told first
    first = min(problems, key=lambda p: (p["type"] == "missing", _line(lines, p["loc"])))
    loc = first["loc"]
    dotted = ".".join(map(str, loc))
    match first["type"]:
        case "extra_forbidden":
            keys = _keys_beside(model, loc)
            problem = f"the key {dotted} is unknown{suggestion(str(loc[-1]), keys)}"
            remedy = f"Known keys here: {', '.join(sorted(keys))}" if keys else ""
        case "missing":
            problem, remedy = f"the key {dotted} is missing", "Add it"
        case _:
            problem, remedy = f"{dotted}: {first['msg'].removeprefix('Value error, ')}", ""
    more = len(problems) - 1
    problem += f" (and {more} more problem{'s'[: more > 1]} in this {kind} file)" if more else ""
    return InputError(name, problem, place=f"line {_line(lines, loc)}", remedy=remedy)


def _line(lines: Mapping[Place, int], loc: Place) -> int:
    """Return the line of the deepest part of `loc` that stands in the file."""
    for end in range(len(loc), 0, -1):
        for path in (loc[:end], tuple(p for p in loc[:end] if not str(p).startswith("function-"))):
            if path in lines:
                return lines[path]
    return 1


def _keys_beside(model: "type[BaseModel]", loc: Place) -> set[str]:
    """Return the keys that the model knows where the unknown key stands."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(model).json_schema()
    node: object = schema
    for part in loc[:-1]:
        node = _resolve(node, schema)
        if not isinstance(node, dict):
            return set()
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or node.get("additionalProperties", {})
    node = _resolve(node, schema)
    return set(node.get("properties", {})) if isinstance(node, dict) else set()


def _resolve(node: object, schema: Mapping[str, object]) -> object:
    """Follow `$ref`, and the one alternative of an `anyOf` that has keys."""
    while isinstance(node, dict):
        if "$ref" in node:
            definitions = schema.get("$defs", {})
            node = (
                definitions.get(node["$ref"].rsplit("/", 1)[-1])
                if isinstance(definitions, dict)
                else None
            )
        elif "anyOf" in node:
            objects = [o for o in node["anyOf"] if o.get("type") != "null"]
            node = objects[0] if objects else None
        elif "allOf" in node:
            node = node["allOf"][0]
        else:
            break
    return node
