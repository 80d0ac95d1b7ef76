"""Signatures handed to the LSH index of datasketch."""

from datasketch import MinHash, MinHashLSH

from ftaudit.similarity.lsh_index import lsh_index, minhashes
from ftaudit.similarity.text.signatures import shingle_hashes
from tests.similarity.rows import synthetic


def test_the_index_of_datasketch_finds_a_text_whatever_its_case() -> None:
    texts = synthetic(200)
    index = lsh_index(texts, "word3", threshold=0.7)
    assert isinstance(index, MinHashLSH)
    (query,) = minhashes([texts[17].upper()], "word3")
    assert query is not None
    assert 17 in index.query(query)


def test_a_minhash_equals_the_one_datasketch_computes_from_the_same_shingles() -> None:
    text = "How do I get a new card, please?"
    (ours,) = minhashes([text], "char5", permutations=64, seed=5)
    theirs = MinHash(64, 5, hashfunc=int, scheme="affine32")
    theirs.update_batch([int(h) >> 32 for h in {*shingle_hashes(text, "char5").tolist()}])
    assert ours is not None
    assert ours == theirs
    assert ours.jaccard(theirs) == 1.0


def test_texts_without_a_word_have_no_minhash_and_no_entry() -> None:
    assert minhashes(["", None, "?!"], "char5") == [None, None, None]
    index = lsh_index(["", "a new card", None], "char5", threshold=0.8)
    assert [*index.keys] == [1]
