"""What a conversation says, and what is wrong with its order."""

from collections.abc import Sequence

import msgspec
import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.problem import flag
from ftaudit.records.turns import Turns, turn_path

BETWEEN = "\n\n"
"""What separates the turns of a rendered conversation, and the parts of any rendered record."""

_ARGUMENTS = msgspec.json.Decoder(dict[str, object])


class Rendered(Struct, frozen=True, eq=False):
    """A column of conversations as text, one value per row of the batch; null without turns."""

    whole: pl.Series
    """Every turn as `role: content`."""
    before: pl.Series
    """The turns before the last of the assistant's; all of them when there is none."""
    answer: pl.Series
    """The last turn of the assistant, without its role; null when there is none."""


def render(turns: Turns, raw: Raw, *, split: bool = True) -> Rendered:
    """Render turns as blocks `role: content`, tool calls as JSON, a blank line between turns.

    `before` and `answer` equal `whole` unless `split`.
    """
    spoken = _spoken(turns)
    rendered = pl.concat_str(pl.col("role") + ": ", pl.lit("")).fill_null("") + pl.col("spoken")
    spoken = spoken.with_columns(rendered=rendered)
    if not split:
        whole = _joined(spoken, "rendered", raw)
        return Rendered(whole, whole, whole)
    speaks = pl.col("role").str.to_lowercase().is_in(sorted(turns.dialect.assistant))
    last = spoken.filter(speaks).group_by("row").agg(last=pl.col("turn").max())
    spoken = spoken.join(last, on="row", how="left", maintain_order="left")
    earlier = spoken.filter(pl.col("last").is_null() | (pl.col("turn") < pl.col("last")))
    answer = spoken.filter(pl.col("turn") == pl.col("last"))
    return Rendered(
        _joined(spoken, "rendered", raw),
        _joined(earlier, "rendered", raw),
        raw.index().join(answer, on="row", how="left", maintain_order="left")["spoken"],
    )


def outcome(turns: Turns, raw: Raw) -> pl.Series:
    """Render completions: a lone turn as its content, several as a conversation."""
    spoken = _spoken(turns)
    alone = pl.len().over("row") == 1
    rendered = pl.concat_str(pl.col("role") + ": ", pl.lit("")).fill_null("") + pl.col("spoken")
    return _joined(
        spoken.with_columns(rendered=pl.when(alone).then("spoken").otherwise(rendered)),
        "rendered",
        raw,
    )


def joined(*parts: pl.Series) -> pl.Series:
    """Join the texts of a record, leaving out null and empty ones; null when none is left."""
    columns = [pl.when(part != "").then(part) for part in parts]
    text = pl.concat_str(columns, separator=BETWEEN, ignore_nulls=True)
    return pl.select(pl.when(text != "").then(text)).to_series()


def conversation_problems(
    turns: Turns, raw: Raw, *, opening: bool = True, closing: bool = True
) -> list[pl.DataFrame]:
    """Find what trainers reject in the order, roles, content, weights and calls of turns.

    Args:
        turns: conversations read from one column.
        raw: the batch they are from.
        opening: the conversations must begin with system or user.
        closing: they must end with the assistant.
    """
    dialect = turns.dialect
    table = _with_families(turns)
    silent = pl.col("content").is_null() & ~pl.col("calls")
    content = f".{dialect.content_keys[0]}"
    role = turn_path(turns.path, f".{dialect.role_keys[0]}")
    path = turn_path(turns.path)
    has_role = ~pl.col("bare")
    return [
        *turns.problems,
        *_counted(turns, raw),
        flag(table, has_role & pl.col("role").is_null(), "missing_role", role, "is missing"),
        flag(
            table,
            has_role & pl.col("role").is_not_null() & (pl.col("family") == "?"),
            "unknown_role",
            role,
            "is not a known role",
        ),
        flag(
            table,
            has_role & silent,
            "missing_content",
            turn_path(turns.path, content),
            "is missing",
        ),
        flag(
            table,
            has_role & ~pl.col("calls") & ~pl.col("content").str.contains(r"\S"),
            "empty_content",
            turn_path(turns.path, content),
            "is blank",
        ),
        flag(
            table,
            (pl.col("family") == "system") & (pl.col("turn") > 0),
            "system_position",
            path,
            "is a system turn after the first",
        ),
        flag(
            table,
            pl.col("weight").is_not_null() & ~pl.col("weight").is_in([0.0, 1.0]),
            "weight",
            turn_path(turns.path, ".weight"),
            "is neither 0 nor 1",
        ),
        *_order(turns, table, opening=opening, closing=closing),
        *_untrained(table, turns.path),
        *_call_problems(turns),
        *_reply_problems(turns, table),
    ]


def _spoken(turns: Turns) -> pl.DataFrame:
    """Return the turns with `spoken`: content, then tool calls as JSON, on lines of their own."""
    if not turns.calls.height:
        return turns.table.select("row", "turn", "role", spoken=pl.col("content").fill_null(""))
    quoted = [pl.col("name").fill_null("").str.replace_all('"', "'", literal=True)]
    call = pl.concat_str(
        pl.lit('{"name":"'),
        *quoted,
        pl.lit('","arguments":'),
        pl.col("arguments").fill_null("null"),
        pl.lit("}"),
    )
    calls = turns.calls.group_by("row", "turn", maintain_order=True).agg(calls=call.str.join("\n"))
    table = turns.table.join(calls, on=["row", "turn"], how="left", maintain_order="left")
    both = [pl.when(pl.col(c) != "").then(c) for c in ("content", "calls")]
    spoken = pl.concat_str(both, separator="\n", ignore_nulls=True)
    return table.select("row", "turn", "role", spoken=spoken)


def _joined(table: pl.DataFrame, column: str, raw: Raw) -> pl.Series:
    """Join the blocks of each row of the batch; null where a row has none."""
    rows = table.group_by("row", maintain_order=True).agg(pl.col(column).str.join(BETWEEN))
    return raw.index().join(rows, on="row", how="left", maintain_order="left")[column]


def _with_families(turns: Turns) -> pl.DataFrame:
    """Add which party speaks (`family`; `?` when unknown) and whether it calls tools (`calls`)."""
    dialect = turns.dialect
    families = {
        role: name
        for name, roles in (
            ("system", dialect.system),
            ("user", dialect.user),
            ("assistant", dialect.assistant),
            ("tool", dialect.tool),
        )
        for role in roles
    }
    family = (
        pl.col("role")
        .str.to_lowercase()
        .replace_strict(families, default="?", return_dtype=pl.String)
    )
    table = turns.table.with_columns(family=family.fill_null("?"))
    if not turns.calls.height:
        return table.with_columns(calls=pl.lit(value=False))
    calling = turns.calls.select("row", "turn", calls=pl.lit(value=True)).unique()
    table = table.join(calling, on=["row", "turn"], how="left", maintain_order="left")
    return table.with_columns(pl.col("calls").fill_null(value=False))


def _counted(turns: Turns, raw: Raw) -> list[pl.DataFrame]:
    """Note rows without any turn that no other problem explains."""
    explained = pl.concat([turns.table.select("row"), *(p.select("row") for p in turns.problems)])
    bare = raw.index().join(explained, on="row", how="anti")
    return [flag(bare, pl.lit(value=True), "empty_messages", turns.path, "has no turns")]


def _order(
    turns: Turns, table: pl.DataFrame, *, opening: bool, closing: bool
) -> list[pl.DataFrame]:
    """Hold each turn against the one before it. Turns of unknown roles may follow anything."""
    path = turn_path(turns.path)
    calls_beside = pl.lit(bool(turns.dialect.replies))
    spoken = table.filter(pl.col("family") != "system").with_columns(
        before=pl.col("family").shift(1).over("row"),
        called=pl.col("calls").shift(1).over("row"),
        first=pl.col("turn") == pl.col("turn").min().over("row"),
        last=pl.col("turn") == pl.col("turn").max().over("row"),
    )
    family, before = pl.col("family"), pl.col("before")
    wrong = (
        ((family == "user") & before.is_in(["user", "tool"]))
        | ((family == "user") & (before == "assistant") & pl.col("called"))
        | ((family == "assistant") & (before == "assistant"))
        | ((family == "tool") & (before == "user"))
        | ((family == "tool") & (before == "assistant") & ~pl.col("called") & calls_beside)
    )
    if opening:
        wrong = wrong | (pl.col("first") & family.is_in(["assistant", "tool"]))
    problems = [flag(spoken, wrong, "role_order", path, "does not follow from the turn before")]
    if closing:
        ending = pl.col("last") & family.is_in(["user", "tool"])
        problems.append(flag(spoken, ending, "last_role", path, "is last and not the assistant's"))
        spoke = table.filter(family.is_in(["system"]).all().over("row") & (pl.col("turn") == 0))
        problems.append(
            flag(spoke, pl.lit(value=True), "last_role", path, "is last and not the assistant's")
        )
    return problems


def _untrained(table: pl.DataFrame, path: str) -> list[pl.DataFrame]:
    if table["weight"].null_count() == table.height:
        return []
    spoken = (
        table.filter(pl.col("family") == "assistant")
        .group_by("row")
        .agg(muted=(pl.col("weight") == 0).fill_null(value=False).all())
    )
    return [flag(spoken, pl.col("muted"), "no_trained_turn", path, "has only weights of 0")]


def _call_problems(turns: Turns) -> list[pl.DataFrame]:
    calls = turns.calls
    if not calls.height:
        return []
    valid = pl.Series("valid", [_is_object(text) for text in calls["arguments"]], pl.Boolean)
    place = turn_path(turns.path, ".") + pl.col("place")
    inside = place + pl.when("legacy").then(pl.lit("")).otherwise(pl.lit(".function"))
    blank = {c: pl.col(c).fill_null("").str.strip_chars() == "" for c in ("id", "name")}
    return [
        flag(calls, ~pl.col("legacy") & blank["id"], "tool_call_id", place + ".id", "is missing"),
        flag(calls, blank["name"], "tool_call_name", inside + ".name", "is missing"),
        flag(
            calls.with_columns(valid),
            ~pl.col("valid"),
            "tool_arguments",
            inside + ".arguments",
            "is not a JSON object",
        ),
    ]


def _is_object(text: str | None) -> bool:
    try:
        _ARGUMENTS.decode(text or "")
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _reply_problems(turns: Turns, table: pl.DataFrame) -> list[pl.DataFrame]:
    """Note tool results that name no call made earlier in the conversation."""
    replies = table.filter(pl.col("role").is_in(sorted(turns.dialect.replies)))
    if not replies.height:
        return []
    called = turns.calls.select("row", "id", made="turn").filter(pl.col("id").is_not_null())
    answered = replies.join(called, left_on=["row", "reply"], right_on=["row", "id"])
    answered = answered.filter(pl.col("made") < pl.col("turn")).select("row", "turn")
    lost = replies.join(answered, on=["row", "turn"], how="anti")
    path = turn_path(turns.path, ".tool_call_id")
    return [flag(lost, pl.lit(value=True), "tool_reply", path, "answers no earlier tool call")]


def spelled(parts: Sequence[tuple[str, pl.Series]]) -> pl.Series:
    """Render named parts as turns `name: text`, leaving out null and empty ones."""
    return joined(*(pl.select(pl.lit(f"{name}: ") + part).to_series() for name, part in parts))
