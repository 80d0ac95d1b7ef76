"""Conversations of one turn per row: who speaks, what, and in which conversation."""

from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.classification import TEXTS
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.shape import ColumnKind, TableShape, plain

_SPEAKERS: Final = (
    "role",
    "speaker",
    "from",
    "author",
    "sender",
    "party",
    "author_role",
    "actor",
    "speaker_idx",
)
_ROLES: Final = frozenset(
    {
        *("user", "assistant", "system", "human", "gpt", "model", "bot", "prompter", "customer"),
        *("agent", "tool", "client", "operator", "ai", "chatbot", "usr", "sys", "wizard", "doctor"),
        *("patient", "teacher", "student", "support", "caller", "therapist", "function"),
    }
)
"""What parties of a conversation are called."""
_CONVERSATIONS: Final = (
    *(
        "conversation_id",
        "dialog_id",
        "dialogue_id",
        "conv_id",
        "thread_id",
        "session_id",
        "chat_id",
    ),
    *("message_tree_id", "conversation", "dialogue", "call_id", "ticket_id", "dialog", "thread"),
    *("conversation_uuid", "session", "sample_id", "example_id", "group_id", "id"),
)


class TurnRows(Struct, frozen=True):
    """Records of one turn each: a speaker, a text, and the id of the conversation.

    The input is the turn, as `role: text`; there is no output. The same words are said in many
    conversations by design: rows repeat one another only within one conversation. What a model
    is given is a whole conversation, which these rows do not show: group them into `messages`
    before tuning, or name the conversation with `--group-column` to hold it in one split.
    """

    id: str = "turn-rows"
    needs: str = "role (or speaker), text and conversation_id"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a column of parties beside a text and the id of a conversation."""
        kinds = (ColumnKind.TEXT,)
        speaker = next((c for c in shape.named(_SPEAKERS, kinds) if _holds_roles(shape, c)), None)
        conversation = next(iter(shape.named(_CONVERSATIONS, kinds)), None)
        conversation = shape.overrides.get("group") or conversation
        text = shape.pick_like("input", (*TEXTS, "value", "response"), kinds)
        if speaker is None or conversation is None or text is None or "label" in shape.overrides:
            return None
        parts = {"input": text, "speaker": speaker, "conversation": conversation}
        return parts if len(set(parts.values())) == len(parts) else None

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read turns."""
        part = read_part(raw, parts["input"])
        speaker = raw.frame[parts["speaker"]].cast(pl.String).fill_null("")
        inputs = pl.select(
            pl.when(part.text.is_not_null()).then(speaker + ": " + part.text)
        ).to_series()
        conversation = raw.frame[parts["conversation"]].cast(pl.String)
        problems = absence(raw, part, "input")
        return MappedRecords(
            inputs,
            nothing(raw),
            inputs,
            answer=nothing(raw),
            variant=conversation,
            problems=problems,
        )


def _holds_roles(shape: TableShape, column: str) -> bool:
    values = {str(value).strip().lower() for value in shape.values(column) if value is not None}
    return len(values) > 1 and (values <= _ROLES or (plain(column) == "speakeridx"))
