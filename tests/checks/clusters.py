"""The `similar` relation of a few rows by brute force: plain Python, sharing nothing with ours."""

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

import polars as pl

from ftaudit.similarity.relation import CLUSTERS


def words(text: str) -> str:
    """Normalise as a reader would: lower case, and nothing but letters and digits."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def shingles(text: str) -> set[str]:
    """Return the set of five-character shingles; a shorter text is one shingle."""
    return {text[i : i + 5] for i in range(max(1, len(text) - 4))}


def jaccard(left: str, right: str) -> float:
    """Return the share of shingles that both texts have."""
    a, b = shingles(left), shingles(right)
    return len(a & b) / len(a | b)


def similar(rows: pl.DataFrame, threshold: float = 0.8) -> pl.DataFrame:
    """Return `CLUSTERS` for canonical rows."""
    texts = {r["id"]: words(r["input"] or "") for r in rows.iter_rows(named=True)}
    texts = {id_: text for id_, text in texts.items() if text}
    edges = {
        (a, b)
        for a, b in combinations(sorted(texts), 2)
        if jaccard(texts[a], texts[b]) >= threshold - 1e-9
    }
    by_id = {r["id"]: r for r in rows.iter_rows(named=True)}
    within = _components([(a, b) for a, b in edges if by_id[a]["split"] == by_id[b]["split"]])
    groups: dict[int, list[int]] = {}
    for id_, cluster in _components(edges).items():
        groups.setdefault(cluster, []).append(id_)
    clusters = [_cluster(sorted(ids), by_id, texts, within, threshold) for ids in groups.values()]
    clusters.sort(key=lambda c: (str(c["kind"]), int(str(c["cluster"]))))
    return pl.DataFrame(clusters, schema=CLUSTERS, orient="row")


def _components(edges: Sequence[tuple[int, int]] | set[tuple[int, int]]) -> dict[int, int]:
    """Return the least id of the component of every id that has an edge."""
    parent: dict[int, int] = {}

    def find(x: int) -> int:
        while parent.setdefault(x, x) != x:
            x = parent[x]
        return x

    for a, b in sorted(edges):
        low, high = sorted((find(a), find(b)))
        parent[high] = low
    return {x: find(x) for x in parent}


def _cluster(
    ids: list[int],
    by_id: dict[int, dict[str, object]],
    texts: dict[int, str],
    within: dict[int, int],
    threshold: float,
) -> dict[str, object]:
    nodes = {text: i for i, text in enumerate(dict.fromkeys(texts[i] for i in ids))}
    outputs = [words(str(by_id[i]["output"])) for i in ids if by_id[i]["output"] is not None]
    answers = {text: i for i, text in enumerate(dict.fromkeys(outputs))}
    members = [
        {
            "id": i,
            "split": by_id[i]["split"],
            "file": by_id[i]["file"],
            "row": by_id[i]["row"],
            "label": by_id[i]["label"],
            "node": nodes[texts[i]],
            "within": within.get(i, i),
            "answer": None
            if by_id[i]["output"] is None
            else answers[words(str(by_id[i]["output"]))],
            "doubt": None if by_id[i]["label"] is None else i % 7 / 7,
        }
        for i in ids
    ]
    return {
        "cluster": ids[0],
        "kind": "near",
        "complete": True,
        "members": members,
        "pairs": [p for p in _pairs(list(nodes)) if float(p["similarity"]) >= threshold - 1e-9],
        "answers": _pairs(list(answers)),
    }


def _pairs(texts: list[str]) -> list[dict[str, float]]:
    return [
        {"left": a, "right": b, "similarity": jaccard(texts[a], texts[b])}
        for a, b in combinations(range(len(texts)), 2)
    ]


def couples(rows: pl.DataFrame) -> pl.DataFrame:
    """Return made-up `CLUSTERS` of the other kinds: each row but the first, and the one before."""
    given = list(rows.iter_rows(named=True))
    made = [
        _couple("contained" if one["split"] == "holdout" else "suspect", one, other, i)
        for i, (other, one) in enumerate(pairwise(given))
        if other["split"] == "train"
    ]
    made.sort(key=lambda c: (str(c["kind"]), int(str(c["cluster"]))))
    return pl.DataFrame(made, schema=CLUSTERS, orient="row")


def _couple(
    kind: str, one: dict[str, object], other: dict[str, object], i: int
) -> dict[str, object]:
    members = [
        {name: row[name] for name in ("id", "split", "file", "row", "label")}
        | {"node": node, "within": row["id"], "answer": None, "doubt": 1 - i % 3 / 9}
        for node, row in enumerate((one, other))
    ]
    return {
        "cluster": one["id"],
        "kind": kind,
        "complete": True,
        "members": members,
        "pairs": [{"left": 0, "right": 1, "similarity": 0.9}],
        "answers": [],
    }


def reworded(*members: dict[str, object]) -> pl.DataFrame:
    """Return a cluster of a row and two training rows that say the same in other words."""
    unset = {"within": 0, "answer": None}
    cluster = {
        "cluster": 1 << 40,
        "kind": "reworded",
        "complete": True,
        "members": [{**unset, **member, "node": node} for node, member in enumerate(members)],
        "pairs": [
            {"left": 0, "right": node, "similarity": 0.8 - node / 10}
            for node in range(1, len(members))
        ],
        "answers": [],
    }
    return pl.DataFrame([cluster], schema=CLUSTERS, orient="row")
