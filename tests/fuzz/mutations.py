"""Damage bytes as disks, networks and attackers do. Everything follows from a seed."""

import random

_INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutated(data: bytes, other: bytes, seed: int) -> bytes:
    """Return `data` with one to four mutations, some of which take bytes from `other`."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = _once(data, other, rng)
    return data


def _once(data: bytes, other: bytes, rng: random.Random) -> bytes:  # noqa: PLR0911 - one for each kind
    if not data:
        return other[:64]
    at = rng.randrange(len(data))
    length = rng.choice((1, 2, 4, 8, 16, 64))
    match rng.randrange(9):
        case 0:
            return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
        case 1:
            return data[:at] + bytes([rng.choice((0, 0x7F, 0x80, 0xFF))]) + data[at + 1 :]
        case 2:
            size = rng.choice((2, 4, 8))
            number = rng.choice(_INTERESTING) & ((1 << 8 * size) - 1)
            return data[:at] + number.to_bytes(size, "little") + data[at + size :]
        case 3:
            return data[:at]
        case 4:
            return data[:at] + data[at + length :]
        case 5:
            return data[:at] + data[at : at + length] * 2 + data[at + length :]
        case 6:
            return data[:at] + rng.randbytes(length) + data[at:]
        case 7:
            begin = rng.randrange(max(1, len(other)))
            return data[:at] + other[begin : begin + length] + data[at + length :]
        case _:
            return data + (data if rng.random() < 0.5 else rng.randbytes(length))
