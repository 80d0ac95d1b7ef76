"""Keywords of `scan`, `fix`, `split` and `review`: every option that the command line takes."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import fields, replace

from ftaudit.checks import discover
from ftaudit.model.declaration import CheckOption, declaration
from ftaudit.model.errors import UnknownKeyword, UsageError, suggestion
from ftaudit.model.options import Options
from ftaudit.records.detect import OVERRIDES, ROLE_OPTIONS

_COLUMN: Final = "_column"
_IGNORE: Final = "ignore_column"


def with_keywords(options: Options, keywords: Mapping[str, object]) -> Options:
    """Return the options with what keywords change.

    A keyword is a field of `Options`, an option of the command line that names a column
    (`input_column`, `context_column`, `ignore_column`), or an option that an installed check
    declares, by its flag (`slice_column`) or by the parameter that it sets.

    Raises:
        UnknownKeyword: a keyword is none of these.
        UsageError: an option cannot have that value.
    """
    of_options = {field.name for field in fields(Options)}
    own = {name: value for name, value in keywords.items() if name in of_options}
    others = {name: value for name, value in keywords.items() if name not in own}
    changed = replace(options, **own)
    declared = _declared() if others else {}
    for name, value in others.items():
        if name in _columns():
            changed = _with_column(changed, name, value)
        elif name in declared:
            changed = _with_parameter(changed, declared[name], value)
        else:
            every = {*of_options, *_columns(), *declared}
            raise UnknownKeyword(f"{name} is no option of a scan{suggestion(name, every)}")
    return changed


def _columns() -> frozenset[str]:
    return frozenset({f"{role}{_COLUMN}" for role in (*OVERRIDES, *ROLE_OPTIONS)} | {_IGNORE})


def _with_column(options: Options, keyword: str, value: object) -> Options:
    role, names = keyword.removesuffix(_COLUMN), _names(value)
    if keyword == _IGNORE:
        return replace(options, ignore=(*options.ignore, *names))
    if role in OVERRIDES:
        if len(names) > 1:
            raise UsageError(f"{keyword} is one column, not {len(names)}")
        return replace(options, columns={**options.columns, role: names[0]}) if names else options
    return replace(options, roles={**options.roles, role: (*options.roles.get(role, ()), *names)})


def _with_parameter(
    options: Options, declared: Iterable[tuple[str, CheckOption]], value: object
) -> Options:
    parameters = dict(options.parameters)
    for check, option in declared:
        held = list(_names(value)) if option.repeatable else value
        parameters[check] = {**parameters.get(check, {}), option.parameter: held}
    return replace(options, parameters=parameters)


def _names(value: object) -> tuple[str, ...]:
    """Return one name or several as a tuple; None is none."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return tuple(map(str, value))
    return () if value is None else (str(value),)


def _declared() -> Mapping[str, list[tuple[str, CheckOption]]]:
    """Return keyword → check id and option; checks may share an option."""
    options = [(id_, o) for id_, check in discover().items() for o in declaration(check).options]
    flags: dict[str, list[tuple[str, CheckOption]]] = {}
    parameters: dict[str, list[tuple[str, CheckOption]]] = {}
    for id_, option in options:
        flags.setdefault(option.flag.removeprefix("--").replace("-", "_"), []).append((id_, option))
        parameters.setdefault(option.parameter, []).append((id_, option))
    return {**parameters, **flags}
