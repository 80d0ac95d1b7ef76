"""The contamination check, on rows and benchmarks that are counted by hand."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ftaudit.checks.contamination import Contamination
from ftaudit.model.check import Judgement, Skip
from ftaudit.model.errors import InputError, UsageError
from ftaudit.similarity.index.signature_index import make_index, write_index
from ftaudit.similarity.parameters import SimilarityOptions
from tests.checks.test_laws import Told, ask
from tests.conftest import canonical, context, dataset
from tests.similarity.rows import synthetic

QUESTION = (
    "a blue submarine leaves the harbour at noon with forty two sailors and thirty crates of "
    "oranges on board and returns after nine days how many oranges has every sailor eaten"
)
CHANGED = QUESTION.replace("thirty", "fifty")
SPREAD = (
    "the library of the old town lends seven hundred books a week and gets six hundred back "
    "so that after a whole year nobody can say where all of the missing volumes have gone"
)
BRIEF = "name the capital of mongolia"
ROWS = (QUESTION, SPREAD, BRIEF, *synthetic(40))
PROMPT = "You are a helpful assistant that answers questions about ships and sailors."


def indexed(path: Path, texts: Sequence[str] = ROWS, *, secret: bool = False) -> Path:
    """Write the index of a benchmark."""
    data = dataset([{"input": text} for text in texts])
    options = SimilarityOptions(shingles="word3")
    write_index(make_index(data.rows, data.files, options, secret=secret), path)
    return path


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("benchmark") / "ships.ftidx")


def prepared(*indexes: Path, **parameters: object) -> Contamination:
    settings = {"benchmarks": [str(index) for index in indexes], **parameters}
    check = Contamination.prepare(replace(context(dataset([{"input": "a"}])), parameters=settings))
    assert isinstance(check, Contamination)
    return check


def told(check: Contamination, *rows: Mapping[str, object], cuts: Sequence[int] = ()) -> Told:
    return ask(check, canonical([dict(row) for row in rows]), cuts, seed=len(cuts) or None)


def counts(judgement: Judgement, name: str = "ships") -> dict[str, float]:
    """Return the metrics of one benchmark that are not 0."""
    start = f"contamination.{name}."
    metrics = judgement.metrics.items()
    return {k.removeprefix(start): v for k, v in metrics if k.startswith(start) and v}


def test_without_a_benchmark_the_check_is_skipped_and_says_so() -> None:
    skipped = Contamination.prepare(context(dataset([{"input": "a"}])))
    assert skipped == Skip("no index of a benchmark was given", options=("--benchmark",))


def test_an_equal_row_is_found_whatever_its_case_and_marks(index: Path) -> None:
    said = told(prepared(index), {"input": "of ships"}, {"input": QUESTION.upper() + "?!"})
    assert counts(said.judgement) == {
        "rows": 1, "exact_rows": 1, "near_rows": 1, "ngram_rows": 1, "passage_rows": 1,
        "short_rows": 1, "share": round(1 / 43, 9),
    }  # fmt: skip
    finding = said.findings.row(0, named=True)
    assert (finding["rule"], finding["row"], finding["similarity"]) == ("leakage.benchmark", 1, 1.0)
    assert finding["detail"] == "row 0 of train.csv (ships.ftidx): equal"
    assert said.judgement.headline == "1 of 43 rows of ships.ftidx stand in training (2.3%)"


def test_a_row_inside_a_longer_record_of_chat_is_contained(index: Path) -> None:
    """A system prompt makes the inputs unlike; the runs of words of the row are all there."""
    chat = f"{PROMPT}\n{CHANGED}\nWell, let us see."
    said = told(prepared(index), {"input": "hello", "text": chat})
    assert counts(said.judgement) == {
        "rows": 1,
        "contained_rows": 1,
        "passage_rows": 1,
        "short_rows": 1,
        "share": round(1 / 43, 9),
    }
    finding = said.findings.row(0, named=True)
    assert (finding["rule"], finding["field"]) == ("leakage.benchmark", "text")
    words = len(QUESTION.split())
    assert finding["similarity"] == (words - 1) / words
    assert finding["detail"] == "row 0 of train.csv (ships.ftidx): 97 % of its words, 17 in a row"


def test_a_row_spread_over_two_records_is_in_training_by_ngrams_and_in_neither(index: Path) -> None:
    words = SPREAD.split()
    halves = [" ".join(words[:20]), " ".join(words[13:])]
    said = told(
        prepared(index, least_covered=0.9), *({"input": "a", "text": half} for half in halves)
    )
    assert counts(said.judgement) == {"ngram_rows": 1, "passage_rows": 1, "short_rows": 1}
    assert said.findings["rule"].to_list() == ["leakage.benchmark_passage"] * 2


def test_a_short_row_is_found_as_a_turn_of_its_own(index: Path) -> None:
    chat: dict[str, object] = {
        "input": f"{PROMPT} hello",
        "text": f"{PROMPT} hello {BRIEF} it is Ulaanbaatar",
        "fields": [
            {"path": "messages[0].content", "text": PROMPT},
            {"path": "messages[1].content", "text": f"{BRIEF.title()}?"},
        ],
    }
    said = told(prepared(index), chat)
    assert counts(said.judgement)["exact_rows"] == counts(said.judgement)["rows"] == 1
    assert "1 benchmark row of fewer than eight words" in said.judgement.notes[1]


def test_a_row_in_other_words_is_found_and_is_a_note_of_its_own(index: Path) -> None:
    reworded = (
        "at noon forty two sailors left in a blue submarine carrying thirty crates of oranges, and "
        "came back to harbour nine days after: how many of the oranges did a sailor eat on average"
    )
    said = told(prepared(index), {"input": "a"}, {"input": reworded})
    assert counts(said.judgement) == {"reworded_rows": 1, "short_rows": 1}
    finding = said.findings.row(0, named=True)
    assert (finding["rule"], finding["row"]) == ("leakage.benchmark_reworded", 1)
    assert finding["detail"] == "row 0 of train.csv (ships.ftidx): in other words"
    assert 0.4 < finding["similarity"] < 1


def test_a_benchmark_without_a_text_is_said_to_have_no_row_in_training(tmp_path: Path) -> None:
    said = told(prepared(indexed(tmp_path / "none.ftidx", ["", ""])), {"input": QUESTION})
    assert counts(said.judgement, "none") == {}
    assert said.judgement.headline == "no row of none.ftidx stands in training"


def test_a_phrase_that_many_rows_of_the_benchmark_share_gives_none_away(tmp_path: Path) -> None:
    phrase = "which of the following statements is the one that is true of the"
    rows = [f"{phrase} {' '.join(text.split()[:3])}" for text in synthetic(12)]
    check = prepared(indexed(tmp_path / "quiz.ftidx", rows))
    said = told(check, {"input": f"{phrase} moon and of all the stars around it"})
    assert said.findings.is_empty()
    assert not said.judgement.metrics["leakage.benchmark_passage_rows"]


def test_rows_outside_training_contaminate_nothing(index: Path) -> None:
    said = told(prepared(index), {"input": "a"}, {"input": QUESTION, "split": "holdout"})
    assert said.judgement.metrics["leakage.benchmark_rows"] == 0
    assert said.judgement.headline == "no row of ships.ftidx stands in training"


def test_every_copy_in_training_is_a_finding_and_the_row_counts_once(index: Path) -> None:
    said = told(prepared(index), *({"input": text} for text in (QUESTION, "b", QUESTION, CHANGED)))
    assert said.judgement.metrics["leakage.benchmark_rows"] == 1
    assert said.findings["row"].to_list() == [0, 2, 3]


def test_benchmarks_are_counted_apart_and_together(index: Path, tmp_path: Path) -> None:
    other = indexed(tmp_path / "books.v1.ftidx", [SPREAD, *synthetic(3, seed=9)])
    said = told(prepared(index, other), {"input": QUESTION}, {"input": SPREAD})
    assert counts(said.judgement)["rows"] == 2
    assert counts(said.judgement, "books-v1")["rows"] == 1
    assert said.judgement.metrics["leakage.benchmark_rows"] == 3
    assert said.judgement.metrics["leakage.benchmarks"] == 2
    assert "rows of 1 more benchmark, too" in said.judgement.headline


def test_two_benchmarks_of_one_name_are_refused(index: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two benchmarks are called ships"):
        prepared(index, indexed(tmp_path / "ships.ftidx", ROWS[:3]))


def test_what_an_index_does_not_hold_is_said_and_never_a_pass(tmp_path: Path) -> None:
    check = prepared(indexed(tmp_path / "ships.ftidx", secret=True))
    said = told(check, {"input": QUESTION}, {"input": f"{' '.join(synthetic(9))} {SPREAD}"})
    metrics = said.judgement.metrics
    assert (metrics["leakage.benchmark_rows"], metrics["leakage.benchmarks_incomplete"]) == (1, 1)
    assert not any(kind in name for kind in ("ngram", "contained", "reworded") for name in metrics)
    assert "ships.ftidx holds no words and no runs of words" in said.judgement.notes[-1]
    assert said.judgement.coverage["benchmarks_searched"] == ()


def test_batches_and_order_of_combining_carry_no_meaning(index: Path, tmp_path: Path) -> None:
    draw = random.Random(7)  # noqa: S311 - made-up rows
    other = indexed(tmp_path / "books.ftidx", [SPREAD, *synthetic(30, seed=3)])
    check = prepared(index, other)
    words = [text.split() for text in (*ROWS, *synthetic(30, seed=3))]
    rows: list[dict[str, object]] = []
    for _ in range(60):
        part = draw.choice(words)
        low = draw.randrange(len(part))
        rows.append({"input": " ".join([*part[low:], *draw.choice(words)])})
    whole = told(check, *rows)
    assert whole.findings.height > 30
    for seed in range(3):
        cuts = draw.sample(range(60), 5)
        assert ask(check, canonical(rows), cuts, seed=seed).same(whole)


@pytest.mark.parametrize("least", [0, 1.5, -1])
def test_a_share_that_is_none_is_refused(index: Path, least: float) -> None:
    with pytest.raises(UsageError, match="expected more than 0 to 1"):
        prepared(index, least_covered=least)


def test_an_index_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.ftidx").write_bytes(b"nothing")
    with pytest.raises(InputError, match="is no ftaudit index"):
        prepared(tmp_path / "no.ftidx")


def test_no_word_of_a_benchmark_stands_in_any_finding(index: Path) -> None:
    said = told(prepared(index), {"input": QUESTION})
    shown = f"{said.findings.rows()} {said.judgement}"
    assert not {"submarine", "oranges", "sailors", "harbour"} & set(shown.split())
