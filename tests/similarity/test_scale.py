"""Small budgets change nothing but where things lie; caches find a place."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ftaudit.similarity.build import build
from ftaudit.similarity.clusters import connected_components as graph
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime import kernel_loader
from ftaudit.similarity.runtime.band_store import BandStore
from tests.conftest import dataset
from tests.similarity.rows import Row, frame, relation, synthetic

pytestmark = pytest.mark.long


@pytest.mark.parametrize("method", ["exact", "minhash"])
def test_a_small_budget_spills_hashes_and_no_text_and_changes_nothing(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "LEAST_STEP", 100)
    monkeypatch.setattr(BandStore, "clear", lambda _: None)
    texts = [f"{text} zebrafish" for text in synthetic(1_500)]
    rows: list[Row] = [{"input": text} for text in texts]
    data = dataset(rows, cuts=(400, 401))
    options = SimilarityOptions(method=method, threshold=0.6)  # type: ignore[arg-type] # a test's own words
    spilled = build(
        data.rows,
        data.files,
        options,
        label_reader=review_labels,
        memory=4_096,
        workers=2,
        folder=tmp_path,
    )
    assert frame(spilled).equals(frame(relation(rows, method=method, threshold=0.6)))
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert "shingles.u64" in files
    assert ("band-019.u64" in files) is (method == "minhash")
    assert not any(b"zebra" in data or b"fish" in data for data in files.values())


@pytest.mark.parametrize("workers", [1, 2])
def test_what_connects_clusters_too_large_to_pair_depends_on_no_budget(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "LEAST_STEP", 100)
    rows: list[Row] = [{"input": text} for text in crowds(40, 25)]
    data = dataset(rows)
    options = SimilarityOptions(method="minhash", threshold=0.6, full_cluster=2)
    spilled = build(
        data.rows,
        data.files,
        options,
        label_reader=review_labels,
        memory=4_096,
        workers=workers,
        folder=tmp_path,
    )
    found = frame(spilled)
    assert not found["complete"].all()
    assert found.equals(frame(relation(rows, method="minhash", threshold=0.6, full_cluster=2)))


def crowds(many: int, size: int) -> list[str]:
    """Return texts of which `size` at a time are chained: each changes a word of one before it."""
    draw = np.random.default_rng(7)
    texts = []
    for crowd in range(many):
        words = [[f"w{crowd}x{i}" for i in range(14)]]
        for i in range(1, size):
            words.append([*words[draw.integers(max(0, i - 4), i)]])
            words[-1][draw.integers(14)] = f"v{crowd}x{i}"
        texts += [" ".join(each) for each in words]
    return [texts[i] for i in draw.permutation(len(texts))]


def test_kernels_are_cached_apart_for_every_version_of_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    one = kernel_loader.cache_folder()
    assert one.parent == tmp_path / "ftaudit"
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert kernel_loader.cache_folder() != one


def test_a_folder_that_was_chosen_keeps_them_apart_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    one = kernel_loader.cache_folder()
    assert one.parent == tmp_path
    monkeypatch.setattr(kernel_loader, "installed_version", lambda name: f"another {name}")
    assert kernel_loader.cache_folder() != one


def test_where_no_cache_can_be_written_the_kernels_still_load(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code = (
        "import numpy as np\n"
        "from ftaudit.model.progress import Silent\n"
        "from ftaudit.similarity.runtime.kernel_loader import cache_folder, load_kernels\n"
        "load_kernels(Silent(), 'equal_keys')\n"
        "from ftaudit.similarity.kernels.equal_keys import choose_repeated\n"
        "keys, chosen = np.array([7, 8, 7], np.uint64), np.zeros(4, np.int32)\n"
        "cells = np.zeros(32, np.uint64)\n"
        "count = choose_repeated(keys, np.arange(3, dtype=np.uint32), cells, 10, chosen)\n"
        "print(count, cache_folder().name[:16])"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "file"), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.split() == ["2", "ftaudit-kernels-"], done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
