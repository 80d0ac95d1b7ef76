"""Vectors of a static model: exact, told from what is none, and rewordings found by them."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from ftaudit.model.errors import InputError, UsageError
from ftaudit.similarity.static_vectors import LENGTH, StaticModel, cosines, open_model
from tests.similarity.rows import Row, frame, relation
from tests.similarity.static_model import SYNONYMS, WORDS, write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> StaticModel:
    return open_model(write_model(tmp_path_factory.mktemp("model")))


def rows() -> list[Row]:
    """Return training rows of eight words, and one of them with five words in other words."""
    draw = np.random.default_rng(2)
    texts = [draw.choice(len(WORDS), 8, replace=False).tolist() for _ in range(80)]
    other = [SYNONYMS[at] for at in texts[11][:5]] + [WORDS[at] for at in texts[11][5:]]
    train: list[Row] = [{"input": " ".join(WORDS[at] for at in text)} for text in texts]
    return [*train, {"split": "holdout", "input": " ".join(other)}]


def test_the_vector_of_a_text_is_the_mean_of_its_tokens(model: StaticModel) -> None:
    texts = [f"{WORDS[3]} {WORDS[7]}", f"{SYNONYMS[7]} {SYNONYMS[3]}", WORDS[3], "", "nobody"]
    vectors = model.vectors(texts)
    assert np.array_equal(vectors[0], vectors[1])
    assert not vectors[3:].any()  # no token, and one that the model does not know
    lengths = np.linalg.norm(vectors[:3].astype(float), axis=1)
    assert lengths == pytest.approx(LENGTH, rel=1e-3)
    places = np.array([0, 0, 2]), np.array([1, 2, 3])
    exact = [
        float(vectors[a].astype(int) @ vectors[b].astype(int)) for a, b in zip(*places, strict=True)
    ]
    assert cosines(vectors, places[0], vectors, places[1]).tolist() == [
        value / LENGTH**2 for value in exact
    ]


def test_a_row_in_synonyms_is_found_by_the_model_alone(model: StaticModel) -> None:
    plain = frame(relation(rows(), rewordings=True), "reworded")["members"].to_list()
    assert not [group for group in plain if group[0]["split"] == "holdout"]
    results = [
        relation(rows(), rewordings=True, workers=workers, vectors=model) for workers in (1, 3)
    ]
    groups = [frame(result, "reworded") for result in results]
    assert groups[0].equals(groups[1])
    [members] = [g for g in groups[0]["members"].to_list() if g[0]["split"] == "holdout"]
    assert [member["row"] for member in members] == [0, 11]
    recorded = results[0].configuration["rewording"]["vectors"]  # type: ignore[index] # a mapping
    tensors = Path(model.folder) / "model.safetensors"
    assert (
        recorded["files"]["model.safetensors"] == hashlib.sha256(tensors.read_bytes()).hexdigest()
    )


def test_a_folder_without_a_model_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is downloaded"):
        open_model(tmp_path / "nowhere")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UsageError, match="nothing is downloaded"):
        open_model(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tokenizer.json", b"{}", "is no tokenizer"),
        ("model.safetensors", b"\xff" * 64, "is no safetensors file"),
        ("model.safetensors", b"", "is no safetensors file"),
    ],
    ids=["no tokenizer", "no tensors", "empty"],
)
def test_files_that_are_no_model_are_named(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (write_model(tmp_path) / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as refused:
        open_model(tmp_path)
    assert name in str(refused.value)


def test_a_table_of_another_tokenizer_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path, (*WORDS, *SYNONYMS, "more", "words"))
    with pytest.raises(InputError, match="has vectors of 501 tokens, its tokenizer 503 tokens"):
        open_model(folder)
