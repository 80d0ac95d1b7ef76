"""The kinds of record that tokens are counted of where no profile says what there is."""

from typing import Final

from ftaudit.profiles.record_layout import RecordLayout, TurnLayout, TurnsRole

_PROMPT: Final[dict[str, TurnsRole]] = {"prompt": "prompt"}

GENERIC_LAYOUTS: Final = (
    RecordLayout(name="chat", keys=("messages",), turns={"messages": "conversation"}),
    RecordLayout(
        name="sharegpt",
        keys=("conversations",),
        turns={"conversations": "conversation"},
        turn=TurnLayout(role="from", content=("value", "content")),
    ),
    RecordLayout(
        name="gemini",
        keys=("contents",),
        turns={"contents": "conversation"},
        turn=TurnLayout(content=("parts",), parts="keys", part_keys=("text",)),
    ),
    RecordLayout(
        name="openai preference",
        keys=("input", "preferred_output", "non_preferred_output"),
        turns={
            "input.messages": "prompt",
            "preferred_output": "answer",
            "non_preferred_output": "answer",
        },
    ),
    RecordLayout(
        name="preference",
        keys=("chosen", "rejected"),
        turns={**_PROMPT, "chosen": "answer", "rejected": "answer"},
        plain_text=True,
        texts={**_PROMPT, "chosen": "answer", "rejected": "answer"},
    ),
    RecordLayout(
        name="prompt and completion",
        keys=("prompt", "completion"),
        turns={**_PROMPT, "completion": "answer"},
        plain_text=True,
        texts={**_PROMPT, "completion": "answer"},
    ),
    RecordLayout(
        name="alpaca",
        keys=("instruction", "output"),
        texts={"instruction": "prompt", "input": "prompt", "output": "answer"},
    ),
)
