"""Where the turns and texts of a record stand: the part of a profile that names keys."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

TurnsRole: TypeAlias = Literal["conversation", "prompt", "answer"]
"""What a list of turns is to the trainer: all of it, what is given, or what is taught."""

ValueKind: TypeAlias = Literal[
    "string", "text", "turns", "parts", "object", "list", "integer", "number", "boolean", "null"
]
"""What may stand in a field. `text` is a string that is not empty."""


class TurnLayout(BaseModel):
    """How one turn says its role and its content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: str = "role"
    content: tuple[str, ...] = ("content",)
    """Keys of which one holds the content."""
    parts: Literal["type", "keys"] = "type"
    """How a part of the content says its kind: by its key `type`, or by the key it has."""
    part_keys: tuple[str, ...] = ()
    """The keys that say a kind, with `parts: keys`."""
    calls: tuple[str, ...] = ("tool_calls", "function_call")
    """Keys of a turn that calls a tool."""


class RecordLayout(BaseModel):
    """One kind of record: the keys that tell it, those that may stand beside, and its turns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    keys: tuple[str, ...]
    """A record that has all of them is of this kind."""
    unless: tuple[str, ...] = ()
    """A record that has one of them is not."""
    also: tuple[str, ...] = ()
    """Keys that may stand beside `keys`."""
    turns: Mapping[str, TurnsRole] = Field(default_factory=dict)
    """Dotted path → what the list of turns there is to the trainer."""
    turn: TurnLayout = TurnLayout()
    plain_text: bool = False
    """Text may stand in place of a list of turns."""
    texts: Mapping[str, TurnsRole] = Field(default_factory=dict)
    """Dotted path of a plain text → what it is to the trainer."""

    def fits(self, value: Mapping[str, object]) -> bool:
        """Return whether a record is of this kind."""
        return all(key in value for key in self.keys) and not any(k in value for k in self.unless)
