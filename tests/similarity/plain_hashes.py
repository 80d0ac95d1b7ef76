"""The hashes of shingles in plain Python, of any bytes: what `kernels.shingle_rows` must give."""

from collections.abc import Iterator, Sequence

WORD = (1 << 64) - 1
C1, C2, C3, C4, C5, C6, C7 = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xFF51AFD7ED558CCD,
    0x9FB21C651E98DF25,
    0xA0761D6478BD642F,
)


def finish(h: int) -> int:
    h ^= h >> 32
    h = h * C4 & WORD
    h ^= h >> 29
    h = h * C5 & WORD
    return h ^ h >> 32


def words_of(data: bytes) -> Iterator[int]:
    for i in range(0, len(data), 8):
        yield int.from_bytes(data[i : i + 8], "little")


def hash_bytes(data: bytes) -> int:
    h = len(data) * C1 & WORD
    for word in words_of(data):
        h = (h ^ word) * C2 & WORD
        h ^= h >> 32
    return h


def hash_text(data: bytes) -> tuple[int, int]:
    """Hash every fourth word to a sum of its own, and the four sums together; twice."""
    words = list(words_of(data))
    words += [0] * (-len(words) % 4)
    a, b = [len(data) * C1 & WORD, C2, C3, C4], [len(data) * C6 & WORD, C7, C5, C1]
    for i, word in enumerate(words):
        a[i % 4] = (a[i % 4] ^ word) * C2 & WORD
        a[i % 4] ^= a[i % 4] >> 32
        b[i % 4] = (b[i % 4] ^ word) * C7 & WORD
        b[i % 4] ^= b[i % 4] >> 29
    return finish(joined(a)), finish(joined(b))


def joined(sums: Sequence[int]) -> int:
    return (((sums[0] * C3 + sums[1]) * C3 + sums[2]) * C3 + sums[3]) & WORD


def plain(data: bytes) -> bytes:
    """Return bytes as the kernels normalise them: ASCII as always, other bytes as they are."""
    kept = bytes(
        c if c >= 128 or chr(c).isalnum() else 32 for c in data.lower()
    )  # bytes.lower changes ASCII only
    return b" ".join(part for part in kept.split(b" ") if part)


def chars(data: bytes) -> list[int]:
    starts = [i for i, c in enumerate(data) if c & 0xC0 != 0x80]
    ends = [*starts[1:], len(data)]
    if not data:
        return []
    if len(starts) < 5:
        return [finish(hash_bytes(data))]
    return [finish(hash_bytes(data[starts[i] : ends[i + 4]])) for i in range(len(starts) - 4)]


def words(data: bytes) -> list[int]:
    hashes = [hash_bytes(word) for word in data.split(b" ")]
    if not data:
        return []
    if len(hashes) < 3:
        return [finish((hashes[0] * C3 + hashes[1] if len(hashes) == 2 else hashes[0]) & WORD)]
    return [
        finish(((hashes[i] * C3 + hashes[i + 1]) * C3 + hashes[i + 2]) & WORD)
        for i in range(len(hashes) - 2)
    ]
