"""Keccak-256, which Ethereum uses: SHA-3 before its padding was changed, so not in `hashlib`."""

from collections.abc import Sequence
from typing import Final

_RATE: Final = 136
"""Bytes taken per permutation: 1,600 bits less twice 256."""
_MASK: Final = (1 << 64) - 1
_ROTATIONS: Final = (
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
)  # fmt: skip
"""Offsets of rho, by lane (FIPS 202, table 2)."""
_ROUNDS: Final = (
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
    0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
    0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
)  # fmt: skip
"""Constants of iota (FIPS 202, section 3.2.5)."""


def keccak256(message: bytes) -> bytes:
    """Return the digest of a message: Keccak[512] with the padding 0x01 (FIPS 202, section 3)."""
    padded = bytearray(message + b"\x01" + bytes(-(len(message) + 1) % _RATE))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permuted(lanes: list[int]) -> list[int]:
    """Apply the 24 rounds of Keccak-f[1600]; lane x, y stands at x + 5 y."""
    for constant in _ROUNDS:
        columns = [_xor(lanes[x::5]) for x in range(5)]
        theta = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [0] * 25
        for x in range(5):
            for y in range(5):
                lane = _rotated(lanes[x + 5 * y] ^ theta[x], _ROTATIONS[x + 5 * y])
                moved[y + 5 * ((2 * x + 3 * y) % 5)] = lane
        lanes = [
            moved[i] ^ (~moved[i - i % 5 + (i + 1) % 5] & moved[i - i % 5 + (i + 2) % 5])
            for i in range(25)
        ]
        lanes[0] ^= constant
    return lanes


def _xor(lanes: Sequence[int]) -> int:
    total = 0
    for lane in lanes:
        total ^= lane
    return total


def _rotated(lane: int, bits: int) -> int:
    return ((lane << bits) | (lane >> (64 - bits))) & _MASK


def checksummed(address: str) -> str:
    """Return forty hexadecimal digits in the case that EIP-55 gives them."""
    digest = keccak256(address.lower().encode()).hex()
    return "".join(
        c.upper() if int(nibble, 16) >= 8 else c
        for c, nibble in zip(address.lower(), digest, strict=False)
    )
