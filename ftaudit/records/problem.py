"""What a record format may find malformed, and the table it is noted in.

Severity says what a trainer does with such a row: `high`, it is rejected or teaches nothing;
`medium`, it is accepted by some and harms; `low`, worth a look. The rules follow the fine-tuning
guides of OpenAI, Together, Fireworks, Mistral and Amazon Bedrock and the dataset formats of TRL.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from ftaudit.model.finding import Rule, Severity
from ftaudit.model.fix import Fix, FixTarget

PROBLEMS: Final = pl.Schema(
    {"row": pl.UInt32, "at": pl.UInt32, "rule": pl.String, "field": pl.String, "detail": pl.String}
)
"""One problem of one row of a batch: its index there, the turn it is at, and what is wrong.

`field` is a path in the user's record, such as `messages[2].content`; no column holds text of
the data."""

_H, _M, _L = Severity.HIGH, Severity.MEDIUM, Severity.LOW

RULES: Final = tuple(
    Rule(f"schema.{name}", title, severity, remedy, Fix("drop-malformed", FixTarget.ROW))
    for name, title, severity, remedy in (
        ("missing_input", "There is no input", _H, "Fill the input in, or remove the row."),
        ("empty_input", "The input is blank", _H, "Fill the input in, or remove the row."),
        ("missing_output", "There is no output", _H, "Fill the output in, or remove the row."),
        ("empty_output", "The output is blank", _H, "Fill the output in, or remove the row."),
        ("missing_label", "There is no label", _H, "Label the row, or remove it."),
        (
            "unanswered_holdout",
            "A holdout row has no label or output",
            _L,
            "Answer the row, so that a tuned model can be measured on it.",
        ),
        (
            "malformed",
            "A value is not of the type the record format needs",
            _H,
            "Write the field as the record format defines it.",
        ),
        (
            "turns_in_text",
            "A cell holds turns as JSON text, and its column is read as text",
            _H,
            "Write the turns of every row in the same way, or keep such rows in another file.",
        ),
        ("empty_messages", "The conversation has no turns", _H, "Remove the row."),
        ("missing_role", "A turn has no role", _H, "Name who speaks in every turn."),
        (
            "unknown_role",
            "A turn has a role the format does not know",
            _H,
            "Use the roles of the format: system, user, assistant, tool (or human, gpt).",
        ),
        ("missing_content", "A turn has no content", _H, "Give every turn content or tool calls."),
        (
            "non_string_content",
            "The content of a turn is not text",
            _H,
            "Write content as a string or a list of text parts.",
        ),
        ("empty_content", "The content of a turn is blank", _M, "Fill the turn in or remove it."),
        (
            "role_order",
            "Turns do not alternate as chat templates need",
            _M,
            "Start with the user, alternate with the assistant, put tool results after calls.",
        ),
        (
            "last_role",
            "The last turn is not the assistant's",
            _H,
            "End every conversation with the answer to learn.",
        ),
        (
            "system_position",
            "A system turn is not the first",
            _M,
            "Keep one system turn, as the first.",
        ),
        ("weight", "A weight is neither 0 nor 1", _M, "Set weight to 0 or 1, or leave it out."),
        (
            "no_trained_turn",
            "Every assistant turn has weight 0",
            _M,
            "Give weight 1 to the turn to learn, or remove the row.",
        ),
        ("tool_call_id", "A tool call has no id", _M, "Give every tool call an id of its own."),
        ("tool_call_name", "A tool call names no function", _H, "Name the function to call."),
        (
            "tool_arguments",
            "The arguments of a tool call are not a JSON object",
            _H,
            "Write the arguments as the text of a JSON object.",
        ),
        (
            "tool_reply",
            "A tool result answers no earlier tool call",
            _M,
            "Set tool_call_id to the id of the call it answers.",
        ),
        (
            "tools_and_functions",
            "A record has both tools and functions",
            _M,
            "Use tools; functions is its deprecated form.",
        ),
        (
            "unknown_key",
            "A turn has a key that some trainers reject",
            _L,
            "Remove the key from the turn.",
        ),
        (
            "label_type",
            "The label of a KTO record is not true or false",
            _H,
            "Label every completion true (desirable) or false.",
        ),
        (
            "chosen_equals_rejected",
            "The chosen and the rejected answer are the same",
            _H,
            "Remove the row: it holds no preference.",
        ),
        (
            "no_words",
            "The input has no letter and no digit",
            _L,
            "Check that the input is what a user would write.",
        ),
        (
            "lone_surrogate",
            "Text has half of a surrogate pair",
            _M,
            "Write the character whole: encode the text as UTF-8 again.",
        ),
        (
            "bad_time",
            "The time cannot be read",
            _M,
            "Write times as ISO 8601 or as seconds since 1970.",
        ),
    )
)
"""Every rule that canonical rows may carry in `problems`."""

MALFORMED: Final = frozenset(r.id for r in RULES if r.severity in {_H, _M})
"""Rules that make a row count in `schema.invalid_rows`."""


def flag(
    table: pl.DataFrame, when: pl.Expr, rule: str, field: pl.Expr | str, detail: str
) -> pl.DataFrame:
    """Note `schema.<rule>` for every row of `table` (with a column `row`) where `when` holds."""
    path = field if isinstance(field, pl.Expr) else pl.lit(field)
    at = pl.col("turn") if "turn" in table.columns else pl.lit(0)
    values = {"at": at, "rule": pl.lit(f"schema.{rule}"), "field": path, "detail": pl.lit(detail)}
    flagged = table.filter(when.fill_null(value=False))
    if flagged.is_empty():
        return PROBLEMS.to_frame()
    return flagged.select("row", **{k: v.cast(PROBLEMS[k]) for k, v in values.items()})


def noted(problems: Sequence[tuple[int, int, str, str, str]]) -> pl.DataFrame:
    """Turn (row, turn, rule, field, detail) into `PROBLEMS`; rules without `schema.`."""
    frame = pl.DataFrame(problems, schema=PROBLEMS, orient="row")
    return frame.with_columns(rule="schema." + pl.col("rule"))


_ANSWERS: Final = ("schema.missing_label", "schema.missing_output")


def of_holdout(problems: pl.DataFrame) -> pl.DataFrame:
    """Judge holdout rows: an answer that is missing there spoils no training."""
    rule = pl.col("rule")
    mild = pl.lit("schema.unanswered_holdout")
    return problems.with_columns(rule=pl.when(rule.is_in(_ANSWERS)).then(mild).otherwise(rule))


def gathered(problems: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put problems in order: by row, turn, rule and field, each once."""
    kept = [p for p in problems if p.height]
    if not kept:
        return PROBLEMS.to_frame()
    return pl.concat(kept).unique().sort("row", "at", "rule", "field", "detail")
