"""One peer over one parquet file, in an environment of its own (see bench_similarity --peers).

    python tests/bench/similarity_peers.py datasketch chat.parquet

Each does what its documentation recommends for near-duplicates at Jaccard 0.8 with 128
permutations, over the same shingles (three lower-case words), from parquet to duplicate groups or
flags; none verifies. Prints one JSON object. Needs nothing of ftaudit.
"""

import argparse
import json
import os
import re
import time
from collections.abc import Callable
from importlib.metadata import version

WORD = re.compile(r"[^\W_]+")
PERMUTATIONS, THRESHOLD = 128, 0.8


def shingles(text: str) -> set[str]:
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def groups(count: int, links: "list[tuple[int, int]]") -> int:
    parents = list(range(count))

    def root(x: int) -> int:
        while parents[x] != x:
            parents[x] = parents[parents[x]]
            x = parents[x]
        return x

    for i, j in links:
        a, b = root(i), root(j)
        parents[max(a, b)] = min(a, b)
    return sum(root(i) != i for i in range(count))


def datasketch(texts: list[str]) -> int:
    from datasketch import MinHash, MinHashLSH

    signed = MinHash.bulk(([s.encode() for s in shingles(t)] for t in texts), num_perm=PERMUTATIONS)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    with index.insertion_session() as session:
        for i, one in enumerate(signed):
            session.insert(i, one, check_duplication=False)
    links = [(i, j) for i, one in enumerate(signed) for j in index.query(one) if j != i]
    return groups(len(texts), links)


def rensa(texts: list[str]) -> int:
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found] # in its own environment

    sets = [list(shingles(t)) for t in texts]
    matrix = RMinHash.digest_matrix_from_token_sets(sets, PERMUTATIONS, 42)
    index = RMinHashLSH(THRESHOLD, PERMUTATIONS, 16)
    return sum(index.insert_matrix_and_query_duplicate_flags(matrix, 0))


def daft(texts: list[str]) -> int:
    import daft as engine  # type: ignore[import-not-found] # as above
    import numpy as np
    from daft import col
    from daft.functions import minhash, normalize  # type: ignore[import-not-found] # as above

    frame = engine.from_pydict({"text": texts})
    plain = normalize(col("text"), remove_punct=True, lowercase=True, white_space=True)
    signed = minhash(plain, num_hashes=PERMUTATIONS, ngram_size=3, hash_function="xxhash")
    column = frame.select(signed.alias("signature")).to_arrow()["signature"].combine_chunks()
    values = np.asarray(column.flatten()).reshape(-1, PERMUTATIONS)
    bands, width = 9, 13  # the optimum for threshold 0.8 and 128 permutations
    links: list[tuple[int, int]] = []
    for band in range(bands):
        keys = np.ascontiguousarray(values[:, band * width : (band + 1) * width])
        rows = keys.view(f"V{4 * width}").ravel()
        _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
        links += [(i, f) for i, f in enumerate(first[inverse].tolist()) if f != i]
    return groups(len(texts), links)


PEERS: dict[str, Callable[[list[str]], int]] = {
    "datasketch": datasketch,
    "rensa": rensa,
    "daft": daft,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("path")
    parser.add_argument("--rounds", type=int, default=1, help="of which the best is told")
    given = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    import polars as pl

    def once() -> tuple[float, float, int, int]:
        wall, cpu = time.perf_counter(), time.process_time()
        texts = pl.read_parquet(given.path)["text"].to_list()
        found = PEERS[given.peer](texts)
        return time.perf_counter() - wall, time.process_time() - cpu, len(texts), found

    walls, cpus, (rows, *_), (found, *_) = zip(*(once() for _ in range(given.rounds)), strict=True)
    result = {
        "method": given.peer,
        "version": version(given.peer),
        "rows": rows,
        "seconds": round(min(walls), 3),
        "cpu": round(min(cpus), 3),
        "us_per_row": round(min(cpus) / rows * 1e6, 1),
        "found": found,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
