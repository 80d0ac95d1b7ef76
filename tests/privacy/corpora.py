"""Real data, as texts."""

import csv
import json
from pathlib import Path


def gsm8k(shared: Path) -> list[str]:
    return [
        f"{row['question']}\n{row['answer']}"
        for name in ("gsm8k_train.jsonl", "gsm8k_test.jsonl")
        for row in map(json.loads, (shared / name).read_text("utf-8").splitlines())
    ]


def banking(shared: Path) -> list[str]:
    texts = []
    for name in ("banking77_train.csv", "banking77_test.csv"):
        with (shared / name).open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    return texts


def roleplay(shared: Path) -> list[str]:
    rows = json.loads((shared / "gpteacher_roleplay.json").read_text("utf-8"))
    return [
        "\n".join(str(row.get(k) or "") for k in ("instruction", "input", "output")) for row in rows
    ]
