"""The relation against plain Python, on real data, for both methods and both shingles."""

import random
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import UsageError
from ftaudit.model.row_id import row_id
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_profile import profile
from ftaudit.similarity.text.text_source import TextSource
from tests.conftest import dataset, examples, inputs
from tests.similarity import recall
from tests.similarity.reference import all_pairs, components, row_pairs
from tests.similarity.rows import Row, frame, relation, synthetic, texts_of

ROWS = 3_000
HOLDOUT = row_id(1, 0)


@pytest.mark.long
@pytest.mark.parametrize("name", ["banking77", "gsm8k", "roleplay", "synthetic"])
@pytest.mark.parametrize("kind", ["char5", "word3"])  # one after the other: normal texts are kept
def test_exact_mode_finds_every_pair_of_a_brute_force_and_no_other(
    shared: Path, name: str, kind: str
) -> None:
    texts = texts_of(shared, name)[:ROWS]
    expected = all_pairs(texts, kind, 0.5)
    rows: list[Row] = [{"input": text} for text in texts]
    found = relation(rows, method="exact", shingles=kind, threshold=0.5, full_cluster=4096)
    assert row_pairs(found.batches()) == pytest.approx(expected)
    assert len(expected) > 1


@pytest.mark.long
@pytest.mark.parametrize("kind", recall.KINDS)
@pytest.mark.parametrize("name", [*recall.REAL, *recall.MADE_UP])
def test_minhash_misses_almost_nothing_and_reports_nothing_false(
    name: str, kind: str, request: pytest.FixtureRequest
) -> None:
    shared = request.getfixturevalue("shared") if name in recall.REAL else Path()
    rows = inputs(recall.texts(name, shared))
    exact = recall.pairs(rows, kind, method="exact")
    assert recall.count(recall.SURE, exact) > 0
    seeds = recall.SEEDS if name in recall.REAL else recall.SEEDS[: examples(1)]
    for seed in seeds:
        found = recall.recall(rows, kind, seed, exact)
        assert found.wrong == 0
        assert found.at(recall.LEAST, exact) >= 0.999
        assert found.at(recall.SURE, exact) == 1


@pytest.mark.parametrize("method", ["exact", pytest.param("minhash", marks=pytest.mark.long)])
def test_the_reference_values_of_banking77_come_out(shared: Path, method: str) -> None:
    train = pl.read_csv(shared / "banking77_train.csv")
    test = pl.read_csv(shared / "banking77_test.csv")
    rows: list[Row] = [
        {"input": text, "label": label, "split": split}
        for split, data in (("train", train), ("holdout", test))
        for text, label in data.iter_rows()
    ]
    expected = {0.8: (29, 180, 152, 25, 151, 6, 12, 11), 0.7: (29, 552, 406, 25, 378, 33, 61, 36)}
    for threshold, values in expected.items():
        assert measured(frame(relation(rows, method=method, threshold=threshold))) == values


def measured(clusters: pl.DataFrame) -> tuple[int, ...]:
    """Fold the relation as the checks do: duplicates, leakage and label conflicts."""
    members = clusters.select("cluster", "members").explode("members").unnest("members")
    train = members.filter(split="train")
    texts = train.select("cluster", "node").n_unique()
    parts = train.group_by("within").len().filter(pl.col("len") > 1)
    same = clusters.select("cluster", left=pl.col("members").list.eval(pl.element().struct["node"]))
    same = same.explode("left").unique().with_columns(right="left")
    pairs = clusters.select("cluster", "pairs").explode("pairs").drop_nulls().unnest("pairs")
    nodes = pl.concat([same, pairs.select("cluster", "left", "right")])
    found = nodes.join(members, left_on=["cluster", "left"], right_on=["cluster", "node"]).join(
        members, left_on=["cluster", "right"], right_on=["cluster", "node"], suffix="_2"
    )
    across = found.filter(pl.col("split") != pl.col("split_2"))
    leaked = pl.concat(
        [
            across.filter(split="holdout").select("id", same=pl.col("left") == pl.col("right")),
            across.filter(split_2="holdout").select(
                id="id_2", same=pl.col("left") == pl.col("right")
            ),
        ]
    )
    inside = found.filter(
        pl.col("split") == "train",
        pl.col("split_2") == "train",
        (pl.col("left") != pl.col("right")) | (pl.col("id") < pl.col("id_2")),
        pl.col("label") != pl.col("label_2"),
    )
    crossed = across.filter(pl.col("label") != pl.col("label_2"))
    return (
        len(train) - texts,
        int(parts["len"].sum()) - len(parts),
        len(parts),
        leaked.filter("same")["id"].n_unique(),
        leaked["id"].n_unique(),
        len(inside),
        pl.concat([inside["id"], inside["id_2"]]).n_unique(),
        _unordered(crossed),
    )


def _unordered(pairs: pl.DataFrame) -> int:
    ends = pairs.select(a=pl.min_horizontal("id", "id_2"), b=pl.max_horizontal("id", "id_2"))
    return ends.n_unique()


@pytest.mark.parametrize("method", ["exact", "minhash"])
def test_the_same_bytes_for_any_number_of_workers_and_any_batches(
    shared: Path, method: str
) -> None:
    texts = texts_of(shared, "banking77")[:4_000]
    rows: list[Row] = [
        {"input": text, "output": text[::-1], "split": "train" if i < 3_000 else "holdout"}
        for i, text in enumerate(texts)
    ]
    some = partial(relation, rows, method=method, threshold=0.6, full_cluster=8)
    one = frame(some())
    other = frame(some(workers=2, cuts=range(7, 4_000, 331), memory=20_000))
    assert one.equals(other)
    assert not one["complete"].all()


def test_batches_together_are_the_relation_and_keep_its_promises() -> None:
    rows: list[Row] = [{"input": text, "label": None} for text in synthetic(2_000)]
    found = relation(rows, threshold=0.5)
    clusters = frame(found)
    assert clusters.schema == CLUSTERS
    assert clusters["cluster"].to_list() == sorted(clusters["cluster"].to_list())
    for cluster in clusters.iter_rows(named=True):
        members = cluster["members"]
        ids = [m["id"] for m in members]
        assert cluster["cluster"] == ids[0]
        assert ids == sorted(ids)
        assert list(dict.fromkeys(m["node"] for m in members)) == list(
            range(1 + max(m["node"] for m in members))
        )
        ends = [(p["left"], p["right"]) for p in cluster["pairs"]]
        assert ends == sorted(set(ends))
        assert all(left < right for left, right in ends)
        assert all(0.5 <= p["similarity"] < 1 for p in cluster["pairs"])


def test_rows_without_text_take_no_part() -> None:
    texts = [
        None,
        "",
        " ",
        "?!",
        "…",
        None,
        "a real text of some words",
        "A real text of some words!",
    ]
    clusters = frame(relation([{"input": text} for text in texts]))
    (members,) = clusters["members"].to_list()
    assert [m["row"] for m in members] == [6, 7]


def test_a_row_without_text_or_without_match_makes_an_empty_relation() -> None:
    for text in (None, "alone"):
        assert list(relation([{"input": text}]).batches()) == []


def test_components_within_a_split_do_not_run_through_another() -> None:
    base = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    middle = [*base[:6], "x", *base[7:]]
    far = [*middle[:9], "y", "z", *middle[11:]]
    rows: list[Row] = [
        {"input": " ".join(base), "split": "train"},
        {"input": " ".join(far), "split": "train"},
        {"input": " ".join(middle), "split": "holdout"},
    ]
    pairs = all_pairs([str(r["input"]) for r in rows], "char5", 0.6)
    assert set(pairs) == {(0, 2), (1, 2)}
    (cluster,) = frame(relation(rows, threshold=0.6, shingles="char5")).iter_rows(named=True)
    assert [m["within"] for m in cluster["members"]] == [0, 1, HOLDOUT]


@pytest.mark.parametrize("method", ["exact", "minhash"])
def test_a_huge_cluster_is_one_cluster_connected_in_every_split(method: str) -> None:
    template = [f"word{i}" for i in range(40)]
    rows: list[Row] = []
    for i in range(1_500):
        text = [*template]
        text[i % 37], text[(i * 7) % 39] = f"own{i}", f"mine{i % 90}"
        rows.append({"input": " ".join(text), "split": "train" if i < 1_000 else "holdout"})
    found = relation(rows, method=method, threshold=0.7, shingles="char5")
    (cluster,) = frame(found).iter_rows(named=True)
    assert not cluster["complete"]
    assert {m["within"] for m in cluster["members"]} == {0, HOLDOUT}
    side = {m["node"]: m["split"] for m in cluster["members"]}
    ends = [(p["left"], p["right"]) for p in cluster["pairs"]]
    leaked = {n for e in ends if side[e[0]] != side[e[1]] for n in e if side[n] == "holdout"}
    assert len(leaked) == 500
    assert len(ends) < 4 * len(side)
    assert set(components(len(side), ends)) == {0}
    assert any("distinct texts" in note for note in found.notes)


def test_pairs_of_a_large_cluster_are_true_and_its_nearest_is_the_nearest_of_many() -> None:
    rows: list[Row] = [
        {"input": f"please reset the password of account number {i} before noon today"}
        for i in range(400)
    ]
    rows += [{**rows[7], "split": "holdout"}]
    rows += [
        {
            "input": f"please reset the password of account number {i} before noon",
            "split": "holdout",
        }
        for i in range(20)
    ]
    exact = all_pairs([str(r["input"]) for r in rows], "char5", 0.7)
    ids = [*range(400), *(HOLDOUT + i for i in range(21))]
    known = {(ids[i], ids[j]): value for (i, j), value in exact.items()}
    found = row_pairs(relation(rows, threshold=0.7, method="minhash").batches())
    assert {pair: known[pair] for pair in found} == pytest.approx(found)
    assert (7, HOLDOUT) in found


def test_answers_of_near_identical_prompts_are_numbered_and_compared() -> None:
    prompt = "What is the capital of the country that lies north of Spain and France?"
    rows: list[Row] = [
        {"input": prompt, "output": "Paris is the capital city."},
        {"input": prompt.upper(), "output": "Lyon is the capital city!"},
        {"input": prompt, "output": "paris is the CAPITAL city"},
        {"input": prompt[:-1] + " now?", "output": None},
        {"input": "something else entirely, alone in the world", "output": "x"},
    ]
    (cluster,) = frame(relation(rows, shingles="char5")).iter_rows(named=True)
    assert [m["answer"] for m in cluster["members"]] == [0, 1, 0, None]
    ((left, right, similarity),) = [tuple(a.values()) for a in cluster["answers"]]
    outputs = [str(rows[0]["output"]), str(rows[1]["output"])]
    assert (left, right) == (0, 1)
    assert similarity == pytest.approx(all_pairs(outputs, "char5", 0.0)[0, 1])


def test_records_with_labels_have_no_answers() -> None:
    rows: list[Row] = [{"input": "the same words here", "label": str(i)} for i in range(3)]
    (cluster,) = frame(relation(rows)).iter_rows(named=True)
    assert [m["label"] for m in cluster["members"]] == ["0", "1", "2"]
    assert cluster["answers"] == []
    assert {m["answer"] for m in cluster["members"]} == {None}


def test_a_prompt_with_thousands_of_answers_costs_linear_pairs() -> None:
    rows: list[Row] = [
        {"input": "tell me a story about a dragon", "output": f"story {i} of many"}
        for i in range(3_000)
    ]
    (cluster,) = frame(relation(rows)).iter_rows(named=True)
    assert len(cluster["answers"]) == 2_999


def test_chars_are_compared_where_texts_are_short_or_few_and_words_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ftaudit.similarity.text.text_profile.EXACT_CHARS", 3_000)
    long = " ".join(["several words in a row that make a long text of their own"] * 4)
    chinese = "我想知道我的新卡什么时候到" * 20
    cases = (["short"] * 900, "char5"), ([long] * 3, "char5"), ([long] * 30, "word3")
    for texts, kind in (*cases, ([chinese] * 30, "char5")):
        data = dataset([{"input": text} for text in texts])
        source = TextSource(data.rows, RowNumbering(data.files), "input")
        assert profile(source, SimilarityOptions()).kind == kind


def test_texts_put_together_from_common_sentences_are_not_joined_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ftaudit.similarity.text.text_profile.EXACT_WORDS", 20_000)
    draw = random.Random(4)  # noqa: S311 - made-up words
    sentences = [" ".join(draw.choices("abcdefghijkl", k=9)) for _ in range(20)]
    words = [str(i) for i in range(5_000)]
    shared = [" ".join(draw.choices(sentences, k=3)) for _ in range(300)]
    own = [" ".join(draw.choices(words, k=27)) for _ in range(300)]
    for texts, exact in ((shared, False), (own, True), (shared[:40], True)):
        data = dataset([{"input": text} for text in texts])
        source = TextSource(data.rows, RowNumbering(data.files), "input")
        assert profile(source, SimilarityOptions(shingles="word3")).exact == exact


def test_the_whole_record_is_compared_when_asked() -> None:
    rows: list[Row] = [
        {"input": "the very same question", "output": f"{w} answer of its own kind " * 3}
        for w in ("first", "second and longer")
    ]
    assert len(frame(relation(rows, compare="input"))) == 1
    assert list(relation(rows, compare="text", threshold=0.9).batches()) == []


def test_the_configuration_says_everything_that_decides_the_result() -> None:
    rows: list[Row] = [{"input": "a b c"}] * 2
    exact = relation(rows, method="exact").configuration
    assert exact["method"] == "exact"
    minhash = relation(rows, method="minhash", bands=10, rows_per_band=5, seed=9).configuration
    assert minhash["method"] == "minhash 10x5"
    assert minhash["seed"] == 9
    assert minhash["normalisation"] == "unicode-5"


@pytest.mark.parametrize(
    "wrong", [{"threshold": 0}, {"threshold": 1.1}, {"bands": 0}, {"seed": -1}, {"full_cluster": 1}]
)
def test_options_that_cannot_be_meant_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        SimilarityOptions(**wrong)  # type: ignore[arg-type] # wrong on purpose


def test_every_row_is_in_at_most_one_cluster() -> None:
    rows: list[Row] = [{"input": text} for text in synthetic(1_000, seed=8)]
    clusters = frame(relation(rows, threshold=0.5))
    ids = [m["id"] for members in clusters["members"].to_list() for m in members]
    assert max(Counter(ids).values()) == 1
    assert all(a < b for a, b in pairwise(clusters["cluster"].to_list()))
