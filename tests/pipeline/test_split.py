"""A split leaks nothing, keeps the shares, and depends on content and seed alone."""

import json
import random
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import ftaudit
from ftaudit.model.errors import InputError, UsageError
from ftaudit.pipeline.split import Split
from ftaudit.similarity.clusters import similar_relation
from ftaudit.similarity.reworded.reworded_search import REWORDED, RewordedRows
from ftaudit.wire.split_record import SPLIT_FILE

WORDS = [f"{a}{b}{c}" for a in "bdklm" for b in "aeiou" for c in ("nt", "rk", "sh", "ld")]
CLASSES = ("refund", "delivery", "password", "invoice")


def tickets(rows: int = 120, seed: int = 1) -> pl.DataFrame:
    """Return tickets of which every sixth is an edited copy of the one before."""
    draw = random.Random(seed)  # noqa: S311 - made-up words
    texts: list[str] = []
    for at in range(rows):
        own = " ".join(draw.choices(WORDS, k=14))
        texts.append(f"{texts[-1]} {WORDS[at % 100]}" if at % 6 == 5 else own)
    return pl.DataFrame(
        {
            "text": texts,
            "label": [CLASSES[at * 7 // 6 % 4] for at in range(rows)],
            "customer": [f"c{at // 2}" for at in range(rows)],
            "created": [f"2026-{1 + at // 28:02}-{1 + at % 28:02}" for at in range(rows)],
        }
    )


DATA = tickets()
PLAIN = DATA.select("text", "label")


@pytest.fixture(scope="module")
def parted() -> Split:
    return ftaudit.split(PLAIN, holdout=0.25, validation=0.1, workers=1)


@pytest.fixture(scope="module")
def folder(parted: Split, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("split") / "out"
    parted.write(place)
    return place


def copies(frame: pl.DataFrame) -> set[str]:
    """Return the first words of each text, which an edited copy shares."""
    return {" ".join(text.split()[:10]) for text in frame["text"]}


def test_parts_hold_every_row_once_and_near_rows_together(parted: Split) -> None:
    parts = [parted.train, parted.validation, parted.holdout]
    assert pl.concat(parts).sort("text").equals(PLAIN.sort("text"))
    for left, right in ((0, 1), (0, 2), (1, 2)):
        assert not copies(parts[left]) & copies(parts[right])


def test_every_class_is_within_a_row_of_its_share(parted: Split) -> None:
    for class_ in parted.record.classes:
        for part in parted.record.parts[:-1]:
            assert abs(class_.parts[part.name] - part.target * class_.rows) <= 1
    assert parted.record.remarks == []


def test_a_scan_of_what_was_written_says_that_nothing_leaks(folder: Path) -> None:
    with ftaudit.scan(folder, only=["leakage"], policy="report-only", workers=1) as audit:
        leakage = next(c for c in audit.manifest.predicate.checks if c.id == "leakage")
        assert leakage.metrics["leakage.near_rows"] == 0
        assert leakage.metrics["leakage.validation_rows"] == 0
        assert {data.role for data in audit.manifest.predicate.inputs} == {
            "train",
            "validation",
            "holdout",
        }
        bound = audit.manifest.predicate.configuration["split"]
        assert isinstance(bound, dict)
        assert bound["files_unchanged"]
        assert bound["parts"]["train"] == 78


def test_a_manifest_says_when_the_files_are_no_longer_those_of_the_split(
    folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(folder, moved)
    with (moved / "train" / "train-frame.parquet").open("wb") as file:
        PLAIN.head(30).write_parquet(file)
    with ftaudit.scan(
        moved / "train", holdout=moved / "test", only=["schema"], policy="report-only"
    ) as audit:
        bound = audit.manifest.predicate.configuration["split"]
        assert isinstance(bound, dict)
        assert not bound["files_unchanged"]


def test_data_that_is_fixed_after_a_split_still_says_how_it_was_split(
    folder: Path, tmp_path: Path
) -> None:
    options = {"only": ["duplicates"], "policy": "report-only", "workers": 1}
    with ftaudit.fix(folder, recipe=["deduplicate"], **options) as fixed:  # type: ignore[arg-type] # options
        fixed.write(tmp_path / "fixed")
        removed = fixed.changes.height
    assert removed > 0
    with ftaudit.scan(tmp_path / "fixed", **options) as audit:  # type: ignore[arg-type] # options
        bound = audit.manifest.predicate.configuration["split"]
        roles = {data.name: data.role for data in audit.manifest.predicate.inputs}
    assert isinstance(bound, dict)
    assert not bound["files_unchanged"]
    assert set(roles.values()) == {"train", "validation", "holdout"}


def test_the_record_counts_and_digests_what_was_written(folder: Path) -> None:
    record = json.loads((folder / SPLIT_FILE).read_text())
    assert record["parts"][0]["rows"] == sum(
        o["rows"] for o in record["outputs"] if o["name"].startswith("test/")
    )
    assert sum(int(size) * n for size, n in record["units"]["sizes"].items()) == PLAIN.height
    assert record["units"]["larger"] == 20
    assert [c["name"] for c in record["classes"]] == sorted(CLASSES)


def test_placement_does_not_depend_on_order_files_or_names(parted: Split, tmp_path: Path) -> None:
    shuffled = PLAIN.sample(fraction=1, shuffle=True, seed=3)
    shuffled[:50].write_ndjson(tmp_path / "test.jsonl")
    shuffled[50:].write_csv(tmp_path / "b.csv")
    files = [tmp_path / "test.jsonl", tmp_path / "b.csv"]
    again = ftaudit.split(files, holdout=0.25, validation=0.1, workers=2)
    assert [p.rows_digest for p in again.record.parts] == [
        p.rows_digest for p in parted.record.parts
    ]
    other = ftaudit.split(PLAIN, holdout=0.25, validation=0.1, seed=2, workers=1)
    assert other.record.parts[0].rows_digest != parted.record.parts[0].rows_digest


def test_rows_are_written_as_the_bytes_they_were_and_names_say_their_part(tmp_path: Path) -> None:
    lines = [f'{{"text": {json.dumps(t)},  "label":"{c}"}}\r\n' for t, c in PLAIN.iter_rows()]
    (tmp_path / "tickets_test.jsonl").write_text("".join(lines), newline="")
    record = ftaudit.split(tmp_path / "tickets_test.jsonl", workers=1).write(tmp_path / "out")
    assert [o.name for o in record.outputs] == [
        "test/tickets_test.jsonl",
        "train/tickets_test-train.jsonl",
    ]
    written = [(tmp_path / "out" / o.name).read_bytes() for o in record.outputs]
    kept = [line for part in written for line in part.decode().splitlines(keepends=True)]
    assert sorted(kept) == sorted(lines)
    order = [lines.index(line) for line in written[1].decode().splitlines(keepends=True)]
    assert all(before < after for before, after in pairwise(order))


def test_folds_partition_the_rows_and_leak_nothing(tmp_path: Path) -> None:
    split = ftaudit.split(PLAIN, folds=4, workers=1)
    tested = []
    for training, test in split.folds():
        assert not set(training) & set(test)
        assert len(training) + len(test) == PLAIN.height
        assert not copies(PLAIN[training]) & copies(PLAIN[test])
        tested += test.tolist()
    assert sorted(tested) == list(range(PLAIN.height))
    record = split.write(tmp_path / "folds")
    assert {o.name.partition("/")[0] for o in record.outputs} == {f"fold-{k}" for k in range(4)}


def test_rows_of_one_group_stay_together() -> None:
    split = ftaudit.split(DATA, columns={"group": "customer"}, ignore=["created"], workers=1)
    assert not set(split.train["customer"]) & set(split.holdout["customer"])
    assert split.record.parameters.group_column == "customer"


def test_kept_rows_stay_and_new_rows_join_the_rows_that_they_are_near_to(
    parted: Split, folder: Path
) -> None:
    held, taught = parted.holdout["text"], parted.train["text"]
    new = [f"{held[0]} again", f"{held[3]} again", f"{taught[0]} again", f"{taught[5]} again"]
    fresh = tickets(60, seed=9).select("text", "label")
    grown = pl.concat(
        [fresh, PLAIN.reverse(), pl.DataFrame({"text": new, "label": ["refund"] * 4})]
    )
    split = ftaudit.split(grown, holdout=0.25, validation=0.1, keep=folder, workers=1)
    assert set(held) | set(new[:2]) <= set(split.holdout["text"])
    assert set(taught) | set(new[2:]) <= set(split.train["text"])
    assert set(parted.validation["text"]) <= set(split.validation["text"])
    assert split.record.parts[0].rows == pytest.approx(0.25 * grown.height, abs=2)
    assert split.undecided == 0


def test_a_new_row_between_kept_parts_is_counted(parted: Split, folder: Path) -> None:
    words = f"{parted.holdout['text'][0]} {parted.train['text'][0]}"
    grown = pl.concat([PLAIN, pl.DataFrame({"text": [words], "label": ["refund"]})])
    split = ftaudit.split(grown, holdout=0.25, validation=0.1, keep=folder, workers=1)
    assert split.undecided == 1
    assert words in split.train["text"].to_list()
    assert any("1 new row near to rows" in remark for remark in split.record.remarks)


def test_by_time_the_holdout_is_strictly_later_and_what_straddles_is_counted() -> None:
    chosen = {"columns": {"time": "created"}, "ignore": ["customer"], "workers": 1}
    split = ftaudit.split(DATA, holdout_after="2026-04-10", **chosen)  # type: ignore[arg-type] # options
    assert split.holdout["created"].min() == "2026-04-11"
    late = split.train.filter(pl.col("created") > "2026-04-10")
    assert copies(late) <= copies(split.train.filter(pl.col("created") <= "2026-04-10"))
    share = ftaudit.split(DATA, holdout=0.3, **chosen)  # type: ignore[arg-type] # options
    assert share.holdout.height == pytest.approx(36, abs=2)
    assert share.holdout["created"].min() > DATA["created"][75]


def test_several_labels_numbers_and_unlabelled_rows_are_held_to_their_shares() -> None:
    draw = random.Random(4)  # noqa: S311 - a test's choice
    texts = [" ".join(draw.choices(WORDS, k=12)) for _ in range(100)]
    several = [draw.sample(CLASSES, draw.choice((1, 1, 2))) for _ in texts]
    labelled = ftaudit.split(pl.DataFrame({"text": texts, "labels": several}), workers=1)
    assert [c.name for c in labelled.record.classes] == sorted(CLASSES)
    for class_ in labelled.record.classes:
        assert abs(class_.parts["holdout"] - 0.2 * class_.rows) <= 1
    scores = [round(draw.gauss(0, 1), 4) for _ in texts]
    numbered = ftaudit.split(
        pl.DataFrame({"text": texts, "score": scores}), columns={"label": "score"}, workers=1
    )
    assert len(numbered.record.classes) == 10
    assert {c.parts["holdout"] for c in numbered.record.classes} == {2}
    bare = ftaudit.split(pl.DataFrame({"text": texts}), workers=1)
    assert [(c.name, c.parts["holdout"]) for c in bare.record.classes] == [("(all rows)", 20)]


def test_conversations_are_split_whole() -> None:
    draw = random.Random(6)  # noqa: S311 - made-up words
    chats = [
        [
            {"role": "user", "content": " ".join(draw.choices(WORDS, k=12))},
            {"role": "assistant", "content": " ".join(draw.choices(WORDS, k=12))},
        ]
        for _ in range(30)
    ]
    split = ftaudit.split(pl.DataFrame({"messages": [*chats, *chats[:10]]}), workers=1)
    held = {json.dumps(m) for m in split.holdout["messages"].to_list()}
    assert not held & {json.dumps(m) for m in split.train["messages"].to_list()}
    assert split.record.units.larger == 10


def test_wishes_that_cannot_be_met_are_named_with_numbers() -> None:
    lone = pl.DataFrame({"text": ["only one of its kind in all of it"], "label": ["carl@x.org"]})
    many = pl.DataFrame({"text": [f"{PLAIN['text'][0]}"] * 40, "label": ["refund"] * 40})
    split = ftaudit.split(pl.concat([PLAIN, lone, many]), workers=1)
    remarks = "\n".join(split.record.remarks)
    assert "in train only, as they have one unit:" in remarks
    assert "(1 row in 1 unit)" in remarks
    assert "the largest unit has 41 rows, the share of the holdout is 32" in remarks
    assert "carl@x.org" not in remarks
    with pytest.raises(UsageError, match="leave nothing for the holdout"):
        ftaudit.split(many, workers=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"holdout": 1.5}, "a share above 0 and below 1"),
        ({"holdout": 0.6, "validation": 0.4}, "leave nothing for training"),
        ({"folds": 1}, "two folds at least"),
        ({"folds": 3, "validation": 0.1}, "--folds or --validation"),
        ({"folds": 3, "columns": {"time": "created"}}, "--folds or --time-column"),
        ({"holdout_after": "2026-01-01"}, "--time-column"),
        ({"holdout_after": "soon", "columns": {"time": "created"}}, "no date or time"),
    ],
)
def test_wishes_that_exclude_one_another_are_refused(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        ftaudit.split(DATA, **options)  # type: ignore[arg-type] # what the table says


def test_what_cannot_be_kept_or_written_is_refused(parted: Split, folder: Path) -> None:
    with pytest.raises(UsageError, match="ask for the same parts"):
        ftaudit.split(PLAIN, folds=3, keep=folder, workers=1)
    with pytest.raises(InputError, match=r"split\.json"):
        ftaudit.split(PLAIN, keep=folder / "train", workers=1)
    with pytest.raises(InputError, match="exists already"):
        parted.write(folder)


def test_folds_are_a_cross_validator_of_scikit_learn(parted: Split) -> None:
    from sklearn.dummy import DummyClassifier
    from sklearn.model_selection import cross_val_score

    ((training, test),) = parted.folds()
    assert training.dtype == test.dtype == np.int64
    assert parted.holdout.equals(PLAIN[test])
    assert parted.train.equals(PLAIN[training])
    split = ftaudit.split(PLAIN, folds=3, workers=1)
    labels = PLAIN["label"].to_numpy()
    scores = cross_val_score(
        DummyClassifier(), np.zeros((len(labels), 1)), labels, cv=list(split.folds())
    )
    assert len(scores) == 3


# --- real data ----------------------------------------------------------------------------------

REFERENCE = {0.8: (12_716, 302, 669, 6), 0.7: (12_051, 693, 1_725, 10)}
"""Threshold → near-identical units of banking77, train and test pooled: all, those of several rows,
the rows in them, and the rows of the largest (counted by an exact join in pure Python)."""


@pytest.mark.parametrize("threshold", REFERENCE)
def test_banking77_is_split_as_near_to_its_classes_as_can_be(
    threshold: float, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [shared / "banking77_train.csv", shared / "banking77_test.csv"]
    monkeypatch.setattr(similar_relation, "_pooled_pairs", lambda _: {})
    nothing = RewordedRows(REWORDED.to_frame(), {})
    monkeypatch.setattr(similar_relation, "join_reworded", lambda *_: nothing)
    near = ftaudit.split(files, threshold=threshold, workers=1).record
    units = near.units
    counts = (units.count, units.larger, units.rows_in_larger, units.largest)
    assert counts == REFERENCE[threshold]
    off = [abs(c.parts["holdout"] - 0.2 * c.rows) for c in near.classes]
    assert len(off) == 77
    assert max(off) < 0.8 + 1e-9  # StratifiedGroupKFold of scikit-learn over the same units
    assert near.parts[0].rows == 2_617


@pytest.mark.long
def test_a_scan_of_split_banking77_says_that_nothing_leaks(shared: Path, tmp_path: Path) -> None:
    files = [shared / "banking77_train.csv", shared / "banking77_test.csv"]
    ftaudit.split(files, threshold=0.7, workers=1).write(tmp_path / "out")
    options = {"only": ["leakage"], "policy": "report-only", "threshold": 0.7, "workers": 1}
    with ftaudit.scan(tmp_path / "out", **options) as audit:  # type: ignore[arg-type] # options
        leaks = {k: v for k, v in audit["leakage"].metrics.items() if v}
    assert leaks == {}
