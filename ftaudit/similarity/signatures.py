"""MinHash signatures, bit-identical to `datasketch.MinHash(scheme="affine32")`.

Broder (1997), "On the resemblance and containment of documents"; the permutations are those of
datasketch 2.0: `a * h + b` modulo 2^32 with odd `a`, `h` the upper half of our 64-bit shingle
hash taken through the finalizer of MurmurHash3.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.bands import Bands
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task

Permutations: TypeAlias = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]


def permutations(count: int, seed: int) -> Permutations:
    """Return multipliers and offsets of `count` permutations, those datasketch draws."""
    draw = np.random.RandomState(seed)
    odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return odd, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def hash_rows(task: Task, bands: Bands) -> Hashed:
    """Read every text once: hash it, and sign it in every band."""
    from ftaudit.similarity.kernels.signing import sign_bands  # noqa: PLC0415 - numba is heavy

    width = task.options.rows_per_band
    a, b = permutations(bands.count * width, task.options.seed)
    hashed = Hashed.nothing(task.rows)
    with task.progress.stage("signing texts", task.rows) as advance:
        for start, texts in task.source.texts():
            keys = np.empty((bands.count, len(texts)), np.uint64)
            sign = partial(_sign, sign_bands, (a, b, width, keys))
            everyone = np.arange(len(texts))
            shingle(task, texts, everyone, hashed.part(start, len(texts)), sign)
            bands.write(start, keys)
            advance(len(texts))
    return hashed


def _sign(
    kernel: Callable[..., None],
    arguments: tuple[object, ...],
    first: int,
    hashes: Hashes,
    counts: npt.NDArray[np.int32],
) -> None:
    kernel(hashes, counts, *arguments, first)
