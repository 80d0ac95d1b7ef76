"""Time how fast profiles judge lines.

Run it as `python -m tests.bench.bench_profiles [ROWS]`: plain chats and chats that call tools,
ROWS of each (by default 100,000), under single profiles. Rows per second of processor time of one
process, the best of three times. Prints Markdown.
"""

import json
import random
import sys
import time
from typing import Final

from ftaudit.profiles.file_judgement import judge_file
from ftaudit.profiles.profile_catalogue import load_profile
from ftaudit.profiles.provider_profile import ProviderProfile

PROFILES: Final = ("openai", "azure-openai", "together", "mistral", "trl-sft", "llamafactory")
WORDS: Final = ("where", "can", "you", "see", "past", "orders", "settings", "password", "again")
TOOL: Final = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Look an order up",
        "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
    },
}


def main() -> None:
    """Print rows per second for each kind of row and profile."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    chance = random.Random(7)  # noqa: S311 - text for a benchmark
    print("| rows | profile | rows/s | MB/s |\n| --- | --- | ---: | ---: |")
    for kind, make in (("plain chat", plain), ("chat with a call", calling)):
        data = "\n".join(json.dumps(make(chance, i)) for i in range(rows)).encode()
        for name in PROFILES:
            profile = load_profile(name)
            judge_file(data[:1000], "data.jsonl", profile, 0)  # loads the kernel
            taken = min(seconds(data, profile) for _ in range(3))
            print(f"| {kind} | {name} | {rows / taken:,.0f} | {len(data) / taken / 1e6:.0f} |")


def seconds(data: bytes, profile: ProviderProfile) -> float:
    """Return the processor time of judging a file."""
    began = time.process_time()
    judge_file(data, "data.jsonl", profile)
    return time.process_time() - began


def plain(chance: random.Random, _: int) -> dict[str, object]:
    """Return a chat of three turns, about 400 bytes."""
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": text(chance, 12)},
        {"role": "assistant", "content": text(chance, 40)},
    ]
    return {"messages": turns}


def calling(chance: random.Random, number: int) -> dict[str, object]:
    """Return a chat with a call, its reply and an answer, about 650 bytes."""
    id_ = f"c{number:08d}"
    function = {"name": "get_order", "arguments": json.dumps({"id": number})}
    turns = [
        {"role": "user", "content": text(chance, 10)},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": id_, "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": id_, "content": text(chance, 5)},
        {"role": "assistant", "content": text(chance, 12)},
    ]
    return {"messages": turns, "tools": [TOOL]}


def text(chance: random.Random, words: int) -> str:
    """Return some words."""
    return " ".join(chance.choices(WORDS, k=words))


if __name__ == "__main__":
    main()
