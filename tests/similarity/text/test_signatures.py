"""Signatures, with datasketch as the oracle."""

import numpy as np
import numpy.typing as npt
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.similarity.parameters import Shingles
from ftaudit.similarity.text.signatures import permutations, shingle_hashes, signatures
from tests.similarity.reference import shingles
from tests.similarity.rows import synthetic
from tests.similarity.text.test_normalisation import WORLD


def oracle(text: str, kind: Shingles, count: int, seed: int) -> npt.NDArray[np.uint32]:
    hashes = {int(h) >> 32 for h in shingle_hashes(text, kind)}
    found = MinHash(count, seed, hashfunc=int, scheme="affine32")
    for h in hashes:
        found.update(h)
    return np.asarray(found.hashvalues)


@pytest.mark.parametrize("kind", ["char5", "word3"])
@pytest.mark.parametrize(("count", "seed"), [(80, 1), (128, 42), (7, 3)])
def test_signatures_are_those_of_datasketch_bit_for_bit(
    kind: Shingles, count: int, seed: int
) -> None:
    texts = [*synthetic(40), "", "x", "Käse für £5 “heute”", "我想要新卡 today"]
    ours = signatures(texts, kind, count=count, seed=seed)
    theirs = [oracle(text, kind, count, seed) for text in texts]
    assert np.array_equal(ours, np.array(theirs))
    assert ours.dtype == np.uint32


def test_permutations_are_those_of_datasketch() -> None:
    theirs = MinHash(80, 5, scheme="affine32").permutations
    assert np.array_equal(np.array(permutations(80, 5)), theirs)


@settings(max_examples=50)
@given(st.text(WORLD, max_size=60))
def test_there_are_as_many_distinct_hashes_as_shingles(text: str) -> None:
    assert len(set(shingle_hashes(text, "char5"))) == len(shingles(text, "char5"))
    assert len(set(shingle_hashes(text, "word3"))) == len(shingles(text, "word3"))
