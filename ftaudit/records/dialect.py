"""How a family of formats writes a conversation: the names of keys and of roles."""

from typing import Final

from msgspec import Struct

TURN_KEYS: Final = frozenset({"role", "from", "speaker"})
"""Keys under which a turn says who speaks: objects that have one are turns."""

MESSAGES: Final = (
    *("messages", "interactions", "chat", "dialog", "dialogue", "contents", "turns", "dialogs"),
    *("message_list", "context_messages", "utterances", "log", "texts"),
)
CONVERSATIONS: Final = ("conversations", "conversation")
"""Usual names of columns of conversations."""


class Dialect(Struct, frozen=True):
    """Keys of a turn, in order of preference, and the roles each party goes by."""

    role_keys: tuple[str, ...]
    content_keys: tuple[str, ...]
    system: frozenset[str]
    user: frozenset[str]
    assistant: frozenset[str]
    tool: frozenset[str]
    replies: frozenset[str]
    """Roles whose turns must name the tool call they answer."""
    keys: frozenset[str]
    """Keys a turn may have."""

    @property
    def roles(self) -> frozenset[str]:
        """Every role the dialect knows."""
        return self.system | self.user | self.assistant | self.tool


OPENAI: Final = Dialect(
    role_keys=("role", "from", "speaker"),
    content_keys=("content", "value", "text", "parts", "message"),
    system=frozenset({"system", "developer"}),
    user=frozenset({"user", "human", "prompter"}),
    assistant=frozenset({"assistant", "gpt", "model", "chatbot"}),
    tool=frozenset({"tool", "function", "observation"}),
    replies=frozenset({"tool"}),
    keys=frozenset(
        {
            *("role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call"),
            *("refusal", "reasoning_content", "reasoning", "thinking", "prefix", "text", "parts"),
        }
    ),
)
"""OpenAI chat, and what Together, Fireworks, Mistral, Bedrock, Gemini and TRL share with it.

The parties of ShareGPT (human, gpt) and Gemini (model, parts) are known under any key, as axolotl
and LLaMA-Factory map them, in capitals, too."""

SHAREGPT: Final = Dialect(
    role_keys=("from", "role"),
    content_keys=("value", "content"),
    system=frozenset({"system"}),
    user=frozenset({"human", "user"}),
    assistant=frozenset({"gpt", "assistant", "model", "function_call", "bot", "ai", "chatgpt"}),
    tool=frozenset({"observation", "function_response", "tool", "function"}),
    replies=frozenset(),
    keys=frozenset({"from", "value", "role", "content", "weight", "loss", "name"}),
)
"""ShareGPT, as LLaMA-Factory, Axolotl and FastChat read it."""
