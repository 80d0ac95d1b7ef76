"""Write the reference from the code that it describes: `make docs`.

`tests/docs/test_reference.py` holds the committed pages to what this writes.
"""

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import click
import msgspec
import polars as pl

from ftaudit.checks import discover
from ftaudit.cli.main import COMMANDS, main
from ftaudit.model.check import Check
from ftaudit.model.declared_fields import settable_fields
from ftaudit.model.finding import FINDINGS
from ftaudit.policy.policy import BUILT_IN, Limit, Policy, Vocabulary, load
from ftaudit.profiles.profile_catalogue import built_in, load_profile
from ftaudit.profiles.profile_differences import COMPARED, differences, lines_differ
from ftaudit.profiles.provider_profile import ProfileTest
from ftaudit.records.beside import KEYS, LICENSES, SOURCES
from ftaudit.records.classification import LABELS, TEXTS
from ftaudit.records.detect import recognise
from ftaudit.records.format_examples import EXAMPLES, MORE
from ftaudit.records.recognised import Recognised
from ftaudit.records.record_formats import FORMATS
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.rows import RowReader
from ftaudit.wire.manifest import Manifest, Wire
from meanings import COLUMNS, FIELDS

HERE: Final = Path(__file__).parent / "reference"
MADE: Final = "<!-- Made by `make docs` from the code. Change the code, not this page. -->"


def pages() -> dict[str, str]:
    """Return every generated page: path below docs/reference → text."""
    checks = discover()
    found = {f"checks/{id_}.md": check_page(check) for id_, check in checks.items()}
    found |= {
        "checks/index.md": checks_index(checks),
        "commands.md": commands_page(),
        "findings.md": findings_page(checks),
        "formats.md": formats_page(),
        "manifest.md": manifest_page(),
        "metrics.md": metrics_page(checks),
        "policy-rules.md": policy_page(checks),
        "profiles.md": profiles_page(),
    }
    return {name: f"{MADE}\n\n{text.rstrip()}\n" for name, text in found.items()}


def write() -> None:
    """Write every page, and remove pages of checks that are no more."""
    made = pages()
    for old in (HERE / "checks").glob("*.md"):
        if f"checks/{old.name}" not in made:
            old.unlink()
    for name, text in made.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# Checks


def check_page(check: type[Check]) -> str:
    """Return the page of one check: its docstring, parameters, rules and metrics."""
    told = _attribute_docs(check)
    parameters = [
        (f"`{name}`", f"`{getattr(check(), name)!r}`", told[name])
        for name in settable_fields(check)
        if not name.startswith("_") and name in told
    ]
    parts = [
        f"# {check.id}",
        f"Version {check.version}, over the relation `{check.relation}`.",
        inspect.getdoc(check) or "",
        "## Parameters",
        "A policy sets them under `parameters`, below the check's id."
        if parameters
        else "None that a policy could set.",
        _table(("parameter", "default", "meaning"), parameters) if parameters else "",
        "## Rules",
        _table(
            ("rule", "severity", "finding", "what to do"),
            ((f"`{r.id}`", r.severity, r.title, r.remedy) for r in check.rules),
        )
        if check.rules
        else "It reports no single rows.",
        "## Metrics",
        _metrics_table(check),
        "[All checks](index.md) · [all metrics](../metrics.md) · [policy](../policy-rules.md)",
    ]
    return _page(*parts)


def checks_index(checks: Mapping[str, type[Check]]) -> str:
    """Return the list of all checks."""
    rows = (
        (f"[{id_}]({id_}.md)", _title(check), f"`{check.relation}`")
        for id_, check in checks.items()
    )
    return _page(
        "# Checks",
        "`ftaudit checks` lists them, `ftaudit checks ID` prints one of these pages. "
        "[Add one](../../../CONTRIBUTING.md#add-a-check-in-ten-minutes) by adding one file.",
        _table(("check", "what it finds", "relation"), rows),
    )


def profiles_page() -> str:
    """Return the profiles, what they say of the same records, and the tests that rules name."""
    names = built_in()
    loaded = [load_profile(name) for name in names]
    tests = sorted(get_args(ProfileTest), key=_test_name)
    return _page(
        "# Profiles",
        "`ftaudit profiles NAME` prints the rules of one. [How to check data before you upload "
        "it](../howto/check-before-you-upload.md).",
        _table(
            ("profile", "of", "read", "tokens", "note"),
            (
                (
                    f"`{profile.profile}`",
                    profile.title,
                    profile.seen.isoformat(),
                    f"{profile.tokens.at_most:,}" if profile.tokens else "",
                    profile.retired,
                )
                for profile in loaded
            ),
        ),
        "## One record, opposite verdicts",
        "*takes, but*: it is taken, and a finding says what is odd about it. Between brackets the "
        "rules. What a service does that is known at second hand only is not shown as a refusal.",
        _table(("record", *COMPARED), _verdict_rows()),
        "### Lines and files",
        _table(
            ("flaw", *COMPARED), ((f"`{rule}`", *verdicts) for rule, verdicts in lines_differ())
        ),
        "## Tests",
        "What `check` of a rule may name in a profile of your own, and its settings.",
        _table(
            ("test", "holds when", "settings"),
            (
                (
                    f"`{_test_name(test)}`",
                    " ".join((test.__doc__ or "").split()),
                    ", ".join(f"`{name}`" for name in test.model_fields if name != "test"),
                )
                for test in tests
            ),
        ),
    )


def _verdict_rows() -> Iterator[tuple[str, ...]]:
    for name, verdicts in differences():
        yield (
            name,
            *(f"{v.word} ({', '.join(v.rules)})" if v.rules else v.word for v in verdicts),
        )


def _test_name(test: type[Any]) -> str:
    return str(get_args(test.model_fields["test"].annotation)[0])


def metrics_page(checks: Mapping[str, type[Check]]) -> str:
    """Return the metrics of all checks."""
    return _page(
        "# Metrics",
        "The numbers of a manifest: `predicate.checks[].metrics`. A policy's rules name them. A "
        "`*` stands for names known only when the data is read, such as entity types. Shares are "
        "of the rows of the split that is meant, in [0, 1].",
        *(
            part
            for id_, check in checks.items()
            for part in (f"## [{id_}](checks/{id_}.md)", _metrics_table(check))
        ),
    )


def _metrics_table(check: type[Check]) -> str:
    rows = {m.name: (f"`{m.name}`", m.unit, m.meaning) for m in check.metrics}
    return _table(("metric", "unit", "meaning"), rows.values())


# Commands


def commands_page() -> str:
    """Return the help of every command."""
    # a context made by hand does not take the settings of its command
    context = click.Context(
        main,
        info_name="ftaudit",
        max_content_width=100,
        terminal_width=100,
        help_option_names=main.context_settings["help_option_names"],
    )
    parts = ["# Commands", f"```\n{main.get_help(context)}\n```"]
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None, name  # noqa: S101 - `COMMANDS` names those that there are
        parts += [f"## ftaudit {name}", f"```\n{_help(command, context, name)}\n```"]
    return _page(*parts)


def _help(command: click.Command, parent: click.Context, name: str) -> str:
    context = click.Context(command, parent=parent, info_name=name, terminal_width=100)
    parts = [command.get_help(context)]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            inner = command.get_command(context, sub)
            if inner is not None:
                parts += ["", inner.get_help(click.Context(inner, parent=context, info_name=sub))]
    return "\n".join(parts)


# Files


def findings_page(checks: Mapping[str, type[Check]]) -> str:
    """Return the columns of findings.parquet and the rules that stand in it."""
    columns = ((f"`{name}`", f"{type_}", COLUMNS[name]) for name, type_ in FINDINGS.items())
    rules = (
        (f"`{rule.id}`", rule.severity, f"[{id_}](checks/{id_}.md)", rule.title)
        for id_, check in checks.items()
        for rule in check.rules
    )
    return _page(
        "# findings.parquet",
        "One row per finding and row of data, sorted by check, then by place. No text of the data "
        "stands in it, except masked.",
        _table(("column", "type", "meaning"), columns),
        "## Rules",
        _table(("rule", "severity", "check", "finding"), rules),
    )


def formats_page() -> str:
    """Return the record formats in the order in which they are tried, each with an example."""
    rows = ((str(n), f"[`{f.id}`](#{f.id})", f.needs) for n, f in enumerate(FORMATS.values(), 1))
    return _page(
        "# Record formats",
        "A format is recognised by the columns of the data and a sample of its rows. Of the "
        "formats that fit, the one that leaves the fewest columns of text unread is taken; of "
        "equals, the first in this order, and another that reads as much is named beside it. What "
        "was recognised is printed, and recorded in the manifest. `--format` names another; "
        "`--input-column` and its like name columns "
        "([how to](../howto/choose-columns-and-formats.md)).",
        _table(("", "format", "columns it needs"), rows),
        *(part for id_ in FORMATS for part in _format_parts(id_)),
        "## Names of a text and of a label",
        "For `classification` the first of these that is a column of text is the input; else a "
        "column whose name ends with one of them, such as `tweet_text`; else the one column that "
        "holds text:",
        ", ".join(f"`{name}`" for name in TEXTS) + ".",
        "The first of these is the label (text, numbers or true and false), else a column whose "
        "name ends with one; no column of texts that are said once only is a label:",
        ", ".join(f"`{name}`" for name in LABELS) + ".",
        "## Roles of the other columns",
        "Columns beside those of a format are given a role by their name and their values. "
        "`system`, `context`, `title` and `history` stand before the input in what is compared, "
        "`media` and `choices` after it. Reasons and thoughts are compared as part of the output. "
        "A column is a `copy` where each of its texts is one that is read, or where it is the "
        "record rendered by a template. What is `not read` blocks (`FTA-SCHEMA-005`) until its "
        "role is named or `--ignore-column` says that it is not used. A part of a list or an "
        "object is what its column is where the record is made of its values; else it is a copy, "
        "metadata where it is short, a number or a date, or not read.",
        _table(("role", "meaning", "usual names"), _role_rows()),
        "`id` and its like, `source_id`, `license` are recognised in every format. Group and time "
        "columns never are: a wrong guess would hide leakage or invent it. Name them with "
        "`--group-column` and `--time-column`.",
    )


def _format_parts(id_: str) -> Iterator[str]:
    """Yield what recognises a format, an example, its roles, and what is compared."""
    records = [EXAMPLES[id_], *([MORE[id_]] if id_ in MORE else [])]
    frame = pl.DataFrame(records)
    recognised = recognise(frame.schema, frozenset(), sample=frame)
    row = _canonical(frame, recognised)
    yield f"## {id_}"
    yield inspect.getdoc(type(FORMATS[id_])) or ""
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    yield f"```json\n{lines}\n```"
    roles = ", ".join(f"`{column}` is {role.value}" for column, role in recognised.roles.items())
    inner = ", ".join(f"`{path}` is {role}" for path, role in recognised.read_parts.items())
    within = f" Parts within: {inner}." if inner else ""
    yield f"Roles: {roles}.{within} Compared: {', '.join(f'`{c}`' for c in recognised.compared)}."
    parts = [f"{name}: {row[name]}" for name in ("input", "output", "label") if row[name]]
    yield "```text\n" + "\n".join(parts) + "\n```"


def _canonical(frame: pl.DataFrame, recognised: Recognised) -> dict[str, Any]:
    """Return the first row of a table as checks see it."""
    place = pl.DataFrame(
        {"__split": "train", "__file": 0, "__row": 0},
        schema={"__split": pl.String, "__file": pl.UInt32, "__row": pl.UInt64},
    )
    rows = next(RowReader(recognised).rows(place.hstack(frame[:1])))
    return rows.row(0, named=True)


def _role_rows() -> Iterator[tuple[str, str, str]]:
    told = _attribute_docs(Role)
    beside = {Role.ID: KEYS, Role.SOURCE_ID: SOURCES, Role.LICENSE: LICENSES, Role.LABEL: ()}
    for role in Role:
        names = beside.get(role, NAMES.get(role, ()))
        yield f"`{role.value}`", told.get(role.name, ""), ", ".join(f"`{name}`" for name in names)


def manifest_page() -> str:
    """Return the fields of the manifest, part by part."""
    intro = (
        f"`manifest.json` is an {_title(Manifest)[3:]} `ftaudit sign` puts it in a DSSE "
        "envelope, `manifest.dsse.json`. Version 1 is frozen: unknown and missing fields are "
        "refused. Its JSON Schema is "
        "[manifest-v1.schema.json](../../ftaudit/wire/schemas/manifest-v1.schema.json)."
    )
    parts = ["# The manifest", intro]
    for part in _parts(Manifest):
        told, hints = _attribute_docs(part), get_type_hints(part)
        rows = (
            (
                f"`{f.encode_name}`",
                f"`{_type(hints[f.name])}`",
                _optional(f),
                _meaning(part, f, told),
            )
            for f in msgspec.structs.fields(part)
        )
        parts += [f"## {part.__name__}", inspect.getdoc(part) or ""]
        parts += [_table(("field", "type", "", "meaning"), rows)]
    return _page(*parts)


def _parts(root: type[Wire]) -> Iterator[type[Wire]]:
    """Yield a part of the wire format, and then the parts of it, each once, outermost first."""
    waiting, seen = [root], {root}
    while waiting:
        part = waiting.pop(0)
        yield part
        for hint in get_type_hints(part).values():
            for inner in _leaves(hint):
                if inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)


def _leaves(hint: object) -> Iterator[type[Wire]]:
    """Yield the parts that a type mentions."""
    if isinstance(hint, type) and issubclass(hint, Wire):
        yield hint
    for inner in get_args(hint):
        yield from _leaves(inner)


def _type(hint: object) -> str:
    text = str(hint) if get_args(hint) else getattr(hint, "__name__", str(hint))
    for module in ("ftaudit.wire.manifest.", "typing."):
        text = text.replace(module, "")
    return text.replace("NoneType", "None")


def _meaning(part: type, field: msgspec.structs.FieldInfo, told: Mapping[str, str]) -> str:
    return told.get(field.name) or FIELDS.get(f"{part.__name__}.{field.encode_name}", "")


def _optional(field: msgspec.structs.FieldInfo) -> str:
    return "" if field.required else "optional"


# Policies


def policy_page(checks: Mapping[str, type[Check]]) -> str:
    """Return the built-in policies and every rule of them."""
    vocabulary = Vocabulary({id_: tuple(m.name for m in c.metrics) for id_, c in checks.items()})
    policies = {name: load(name, vocabulary) for name in BUILT_IN}
    standard = policies["standard"]
    rows = ((f"`{name}`", p.description, *_demands(p)) for name, p in policies.items())
    rules = (
        (f"`{id_}`", f"`{limit.metric}`", _bound(limit), _bound(policies["strict"].rules[id_]))
        for id_, limit in standard.rules.items()
    )
    why = (
        f"- **{id_}** {limit.why} {limit.fix}{'' if limit.waivable else ' *Cannot be waived.*'}"
        for id_, limit in standard.rules.items()
    )
    return _page(
        "# Policies and their rules",
        "`ftaudit policy show NAME` prints one with all that is in effect. A file of yours "
        "overrides it rule by rule ([how to](../howto/write-a-policy.md)).",
        _table(("policy", "for", "signed", "approved by", "a manifest holds for"), rows),
        "## Limits",
        "Limits are inclusive. *block*: a breach stops tuning. *warn*: it is reported. *measured*: "
        "it holds only where the check measured the metric; without that word a metric that was "
        "not measured is itself a breach. `report-only` has the limits of `standard`, and reports "
        "every breach as a warning.",
        _table(("rule", "metric", "standard", "strict"), rules),
        "## Why, and what to do",
        "\n".join(why),
        "## Checks that must be completed",
        _table(
            ("policy", "always", "where they apply"),
            (
                (f"`{name}`", ", ".join(p.required), ", ".join(p.required_if_applicable))
                for name, p in policies.items()
            ),
        ),
    )


def _demands(policy: Policy) -> tuple[str, str, str]:
    signed = "yes" if policy.signature.required else "no"
    return signed, ", ".join(policy.approvals.require) or "nobody", f"`{policy.max_age}`"


def _bound(limit: Limit) -> str:
    bound = f"≤ {limit.max}" if limit.max is not None else f"≥ {limit.min}"
    measured = ", measured" if limit.if_measured else ""
    return f"{bound}, {limit.severity}{measured}"


# Markdown


def _page(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _title(thing: type) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _attribute_docs(owner: type) -> dict[str, str]:
    """Return the string that follows each attribute of a class, if any."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - the source of a class
    found: dict[str, str] = {}
    following = [*tree.body[1:], ast.Pass()]
    for node, after in zip(tree.body, following, strict=True):
        target = _target(node)
        if target is not None:
            found[target] = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                found[target] = inspect.cleandoc(str(after.value.value))
    return found


def _target(node: ast.stmt) -> str | None:
    """Return the attribute that a statement of a class assigns, annotated or not."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return targets[0].id if isinstance(targets[0], ast.Name) else None


if __name__ == "__main__":
    write()
    sys.stdout.write(f"wrote {len(pages())} pages to docs/reference\n")
