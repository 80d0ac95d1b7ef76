import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import polars as pl
import pytest

from ftaudit.checks.pii import Pii
from ftaudit.model.errors import UsageError
from ftaudit.privacy import ner
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.search import Search
from tests.conftest import canonical, context, dataset
from tests.privacy.conftest import PEOPLE, PLACES, SENTENCE


def test_an_installed_model_finds_names_and_places(model: str) -> None:
    text = SENTENCE.format(PEOPLE[0], PLACES[1])
    [(position, spans)] = ner.find(model, pl.Series([None, "", text], dtype=pl.String))
    assert position == 2
    assert [(s.entity, text[s.start : s.end]) for s in spans] == [
        ("PERSON", PEOPLE[0]),
        ("LOCATION", PLACES[1]),
    ]


def test_coverage_says_what_the_model_searches(model: str) -> None:
    covered = Search(model=model).covered()
    assert {"PERSON", "LOCATION"} <= set(covered.entities)
    assert covered.by_cues_only == ()
    assert "ORGANIZATION" in covered.missing
    assert "PERSON" not in covered.missing


def test_the_check_counts_what_the_model_finds(model: str) -> None:
    rows: list[dict[str, object]] = [
        {"input": SENTENCE.format(p, q)} for p, q in zip(PEOPLE, PLACES, strict=True)
    ]
    check = Pii.prepare(context(dataset(rows), parameters={"ner": model}))
    assert isinstance(check, Pii)
    judgement = check.judge(check.map(canonical(rows)).partials)
    assert judgement.metrics["pii.PERSON.findings"] == 4
    assert judgement.metrics["pii.LOCATION.distinct"] == 4
    assert judgement.coverage["ner"] == ("spacy:en_pipeline 0.0.0",)
    assert not any("by cues only" in note for note in judgement.notes)


def test_only_the_types_asked_for_are_kept(model: str) -> None:
    text = pl.Series([SENTENCE.format(PEOPLE[0], PLACES[0])])
    [(_, spans)] = Search(model=model, entities=("LOCATION",)).find(text)
    assert {s.entity for s in spans} == {"LOCATION"}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("spacy:no_such_model", "python -m spacy download no_such_model"),
        ("spacy:/no/such/folder", "not on this machine"),
        ("spacy", "expected spacy:MODEL"),
        ("spcy:x", "did you mean spacy"),
    ],
)
def test_a_missing_model_is_refused_with_what_installs_it(spec: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ner.load(spec)


@pytest.mark.parametrize("framework", ["gliner", "transformers"])
def test_a_missing_framework_is_refused_with_what_installs_it(
    framework: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, framework, None)
    with pytest.raises(UsageError, match=r"pip install 'ftaudit\[ner\]'"):
        ner.load(f"{framework}:absent")


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(UsageError):
        ner.load("transformers:offline")
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"


def stub(monkeypatch: pytest.MonkeyPatch, name: str, **members: object) -> None:
    module = ModuleType(name)
    for member, value in members.items():
        setattr(module, member, value)
    monkeypatch.setitem(sys.modules, name, module)


def occurrences(text: str) -> Iterator[tuple[int, int]]:
    start = text.find("Orla")
    while start >= 0:
        yield start, start + 4
        start = text.find("Orla", start + 4)


def gliner(monkeypatch: pytest.MonkeyPatch) -> str:
    class GLiNER:
        @classmethod
        def from_pretrained(cls, name: str, *, local_files_only: bool) -> "GLiNER":
            if name == "absent" or not local_files_only:
                raise OSError(name)
            return cls()

        def predict_entities(
            self, text: str, labels: list[str], threshold: float
        ) -> list[dict[str, object]]:
            assert "person" in labels
            return [
                {"label": "person", "start": a, "end": b, "score": threshold + 0.25}
                for a, b in occurrences(text)
            ]

    stub(monkeypatch, "gliner", GLiNER=GLiNER)
    return "gliner"


def transformers(monkeypatch: pytest.MonkeyPatch) -> str:
    def pipeline(task: str, *, model: str, aggregation_strategy: str) -> object:
        assert (task, aggregation_strategy) == ("token-classification", "simple")
        if model == "absent":
            raise OSError(model)

        def tag(text: str) -> list[dict[str, object]]:
            return [
                {"entity_group": "PER", "start": a, "end": b, "score": 0.75}
                for a, b in occurrences(text)
            ]

        labels = {0: "O", 1: "B-PER", 2: "I-PER", 3: "B-ORG"}
        return _Tagger(tag, SimpleNamespace(config=SimpleNamespace(id2label=labels)))

    stub(monkeypatch, "transformers", pipeline=pipeline)
    return "transformers"


class _Tagger:
    def __init__(self, tag: Callable[[str], list[dict[str, object]]], model: object) -> None:
        self.tag, self.model = tag, model

    def __call__(self, text: str) -> list[dict[str, object]]:
        return self.tag(text)


@pytest.fixture(params=[gliner, transformers])
def framework(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    ner.load.cache_clear()
    yield request.param(monkeypatch)
    ner.load.cache_clear()


def test_a_framework_reads_long_texts_in_windows(framework: str) -> None:
    text = "Orla " + "and so on " * 600 + "Orla"
    [(_, spans)] = ner.find(f"{framework}:local", pl.Series([text]))
    assert spans == [
        Span("PERSON", 0, 4, 0.75, f"{framework}:local"),
        Span("PERSON", len(text) - 4, len(text), 0.75, f"{framework}:local"),
    ]


def test_a_frameworks_model_that_is_absent_is_refused(framework: str) -> None:
    with pytest.raises(UsageError, match="huggingface-cli download absent"):
        ner.load(f"{framework}:absent")


def test_a_framework_says_what_its_model_searches(framework: str) -> None:
    assert "PERSON" in ner.load(f"{framework}:local").entities


@pytest.mark.parametrize("length", [0, 1, 999, 1_000, 1_001, 5_000])
@pytest.mark.parametrize("piece", ["word ", "x"])
def test_windows_cover_the_whole_text(length: int, piece: str) -> None:
    text = (piece * length)[:length]
    covered: set[int] = set()
    for offset, window in ner.windows(text):
        assert text[offset : offset + len(window)] == window
        assert len(window) <= 1_000
        covered |= set(range(offset, offset + len(window)))
    assert covered == set(range(length))


def test_a_model_that_cannot_be_read_is_not_confused_with_one_that_finds_nothing(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match="not on this machine"):
        ner.load(f"spacy:{tmp_path}")
