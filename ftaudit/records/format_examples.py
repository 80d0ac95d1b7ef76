"""One record of every format, which the reference shows and tests recognise."""

from collections.abc import Mapping
from typing import Final

from ftaudit.records.cell_values import Json

_ASKED: Final = "When does the museum open on Sundays?"
_ANSWER: Final = "It opens at ten, and closes at six."
_OTHER: Final = "I do not know, please ask somebody else."
_PASSAGE: Final = "The museum is closed on Mondays. On Sundays it opens at ten in the morning."


def _turn(role: str, content: str) -> dict[str, Json]:
    return {"role": role, "content": content}


_CONVERSATION: Final = [_turn("user", _ASKED), _turn("assistant", _ANSWER)]

EXAMPLES: Final[Mapping[str, Mapping[str, Json]]] = {
    "dpo": {
        "input": {"messages": [_turn("user", _ASKED)]},
        "preferred_output": [_turn("assistant", _ANSWER)],
        "non_preferred_output": [_turn("assistant", _OTHER)],
    },
    "preference": {"prompt": _ASKED, "chosen": _ANSWER, "rejected": _OTHER},
    "answer-pairs": {
        "prompt": _ASKED,
        "response_a": _ANSWER,
        "response_b": _OTHER,
        "winner": "model_a",
    },
    "kto": {"prompt": _ASKED, "completion": _ANSWER, "label": True},
    "embedding": {"query": _ASKED, "pos": [_PASSAGE], "neg": [_OTHER]},
    "label-studio": {
        "id": 1,
        "data": {"text": _ASKED},
        "annotations": [
            {
                "result": [{"type": "choices", "value": {"choices": ["hours"]}}],
                "was_cancelled": False,
            }
        ],
    },
    "argilla": {
        "fields": {"text": _ASKED},
        "responses": {"topic": [{"value": "hours", "status": "submitted"}]},
    },
    "labelling-jobs": {
        "source": _ASKED,
        "topic": 0,
        "topic-metadata": {"class-name": "hours", "human-annotated": "yes"},
    },
    "prompts": {
        "prompt": [_turn("user", "How many hours is the museum open on Sundays?")],
        "reward_model": {"style": "rule", "ground_truth": "8"},
    },
    "chat": {"messages": [_turn("system", "Answer in one sentence."), *_CONVERSATION]},
    "sharegpt": {
        "conversations": [{"from": "human", "value": _ASKED}, {"from": "gpt", "value": _ANSWER}]
    },
    "segments": {
        "segments": [
            {"label": False, "text": f"Q: {_ASKED}\nA: "},
            {"label": True, "text": _ANSWER},
        ]
    },
    "alpaca": {"instruction": "Answer from the text.", "input": _PASSAGE, "output": _ANSWER},
    "translation": {"translation": {"en": "The museum is open.", "de": "Das Museum ist offen."}},
    "multiple-choice": {
        "question": _ASKED,
        "choices": ["At nine in the morning", "At ten in the morning", "Not at all"],
        "answer": 1,
    },
    "conversational-qa": {
        "story": _PASSAGE,
        "questions": [_ASKED, "And on Mondays?"],
        "answers": ["At ten.", "It is closed on Mondays."],
    },
    "extractive-qa": {
        "context": _PASSAGE,
        "question": _ASKED,
        "answers": {"text": ["at ten"], "answer_start": [59]},
    },
    "annotations": {
        "text": "The museum of Oslo is open.",
        "spans": [{"start": 14, "end": 18, "label": "place"}],
    },
    "sentence-pairs": {
        "premise": _PASSAGE,
        "hypothesis": "The museum is open every day of the week.",
        "label": "contradiction",
    },
    "templated": {
        "text": f"<|im_start|>user\n{_ASKED}<|im_end|>\n<|im_start|>assistant\n{_ANSWER}<|im_end|>"
    },
    "completion": {"prompt": _ASKED, "completion": _ANSWER},
    "summarisation": {"document": _PASSAGE, "summary": "Open on Sundays from ten."},
    "turn-rows": {"conversation_id": "7", "turn": 0, "role": "user", "content": _ASKED},
    "multi-label": {"text": _ASKED, "labels": ["hours", "museum"]},
    "scored": {"text": "The guide knew everything of the house.", "score": 4.5},
    "classification": {"text": _ASKED, "label": "hours"},
    "plain": {"text": _PASSAGE},
}
"""Format → a record."""

MORE: Final[Mapping[str, Mapping[str, Json]]] = {
    "turn-rows": {"conversation_id": "7", "turn": 1, "role": "assistant", "content": _ANSWER},
}
"""Format → a second record, of formats that one record does not show."""
