"""Files beside the data that are no data: descriptions, states, caches, forms to hand in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

_NAMES: Final = frozenset(
    {
        *("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"),
        *("croissant.json", "datapackage.json", "package.json", "config.json"),
        *("dataset-metadata.json", "kernel-metadata.json", "tokenizer.json", "recipe.json"),
        *("tokenizer_config.json", "generation_config.json", "adapter_config.json"),
        *(
            "metadata.json",
            "schema.json",
            "stats.json",
            "statistics.json",
            "info.json",
            "meta.json",
        ),
        *("features.json", "dataset_card.json", "license.json", "index.json", "settings.json"),
        *("special_tokens_map.json", "trainer_state.json", "training_args.json", "lineage.json"),
    }
)
"""Of Hugging Face datasets (`save_to_disk`, the Hub), LLaMA-Factory, Croissant, Frictionless,
Kaggle, and of models beside data."""
_PATTERNS: Final = (
    re.compile(
        r"(?:sample[-_ ]?submission|submission[-_]format|sampleSubmission)\b.*", re.IGNORECASE
    ),
    re.compile(r"cache-[0-9a-f]+\.arrow"),
    re.compile(r".*\.crc"),
)
"""Forms of competitions, caches of `datasets`, checksums of Hadoop."""
_SHARD: Final = re.compile(
    r"(?P<before>.*?)-(?P<number>\d{4,6})-of-(?P<total>\d{4,6})(?P<after>.*)"
)


def is_sidecar(name: str) -> bool:
    """Tell by its name whether a file describes data or belongs to tools."""
    return name.lower() in _NAMES or any(pattern.fullmatch(name) for pattern in _PATTERNS)


def missing_shards(paths: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of shards that are not there, as `train-00001-of-00003.parquet`.

    Args:
        paths: the parts of the paths of files that are there.
    """
    present: dict[tuple[tuple[str, ...], str, str, str], set[int]] = defaultdict(set)
    for parts in paths:
        if shard := _SHARD.fullmatch(parts[-1]):
            key = (tuple(parts[:-1]), shard["before"], shard["total"], shard["after"])
            present[key].add(int(shard["number"]))
    missing = []
    for (_, before, total, after), numbers in sorted(present.items()):
        # shards are counted from 0, by some writers from 1
        first = 1 if int(total) in numbers and 0 not in numbers else 0
        expected = range(first, int(total) + first)
        if int(total) <= _MOST:
            missing += [
                f"{before}-{number:0{len(total)}}-of-{total}{after}"
                for number in expected
                if number not in numbers
            ]
    return tuple(missing)


_MOST: Final = 100_000
"""Shards of one set that are looked for."""
