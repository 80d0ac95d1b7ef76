"""What a key of a line promises, held against lines that are read character by character."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Final

from ftaudit.profiles.json_line import LineReading, read_line
from ftaudit.profiles.line_skeletons import line_keys
from ftaudit.profiles.value_outline import links_outline, outline

FORMS: Final = (re.compile("[a-zA-Z0-9]{9}"), re.compile("call_.*"))
ATOMS: Final = (
    *('"', "\\", "\\u", "d83d", "\\ude00", '\\"', "\\n", "\\/", "{", "}", "[", "]", ",", ":", " "),
    *("0", "-", "1.50", "12", "1e9", "123456789012345678901", "true", "null", "NaN", "\t", "\x01"),
    *("é", "\u00a0", "\u3000", "あ", "😀", "role", "id", '"name"', "x", "\x03", "\x04", "Bot:"),
)
TEXTS: Final = ("", " ", "\u00a0", "\u3000 ", "\n", "Hi.", "あ", "é", "😀", '"q"', "a\\b", "x" * 40)
KEYS: Final = (
    *("role", "content", "id", "tool_call_id", "name", "arguments", "tools", "weight", "label"),
    *("messages", "tool_calls", "function", "text", "rôle", "ro\nle", "NaN"),
)


def decided(reading: LineReading) -> object:
    """Return all that rules look at which are not decided by texts."""
    if not isinstance(reading.value, dict):
        return type(reading.value)
    shape = outline(reading.value)
    links = links_outline(shape.links, FORMS) if shape.links is not None else None
    return shape.marks, links


def broken_promises(lines: Sequence[bytes]) -> list[bytes]:
    """Return lines that share a key with a sound line and are not judged as that would be."""
    groups: dict[Hashable, list[bytes]] = defaultdict(list)
    for line, key in zip(lines, line_keys(lines, FORMS, fewest=0), strict=True):
        if key is not None:
            groups[key].append(line)
    broken = []
    for members in groups.values():
        readings = [read_line(line) for line in members]
        if any(reading.readable and not reading.flaws for reading in readings):
            first = decided(readings[0])
            broken += [
                line
                for line, reading in zip(members, readings, strict=True)
                if not reading.readable or reading.flaws or decided(reading) != first
            ]
    return broken


def odd_lines(seed: int, count: int) -> list[bytes]:
    """Return lines of JSON, half of them damaged, many of them alike."""
    draw = random.Random(seed)  # noqa: S311 - made-up lines
    shapes = [_object(draw, 3) for _ in range(12)]
    lines = []
    for i in range(count):
        text = json.dumps(_filled(draw, draw.choice(shapes)), ensure_ascii=draw.random() < 0.5)
        for _ in range(i % 2 * draw.randint(1, 2)):
            at = draw.randrange(len(text) + 1)
            text = text[:at] + draw.choice(ATOMS) + text[at + draw.randint(0, 1) :]
        line = text.encode()
        if draw.random() < 0.02:
            at = draw.randrange(len(line) + 1)
            line = line[:at] + draw.choice((b"\xff", b"\xc3", b"\xed\xa0\x80")) + line[at:]
        lines.append(line)
    return lines


def _object(draw: random.Random, depth: int) -> dict[str, object]:
    return {key: _value(draw, depth) for key in draw.sample(KEYS, draw.randint(0, 4))}


def _value(draw: random.Random, depth: int) -> object:
    kind = draw.randrange(6 if depth else 4)
    if kind == 5:
        return _object(draw, depth - 1)
    if kind == 4:
        return [_value(draw, depth - 1) for _ in range(draw.randint(0, 3))]
    return (str, int, float, bool)[kind]


def _filled(draw: random.Random, shape: object) -> object:
    """Return a value of a shape, in which types stand for what they make."""
    if isinstance(shape, dict):
        return {key: _filled(draw, inner) for key, inner in shape.items()}
    if isinstance(shape, list):
        return [_filled(draw, inner) for inner in shape]
    if shape is str:
        text = draw.choice((*TEXTS, "user", "call_1", "a1b2c3d4e", '{"a": 1}', "[1]", "{"))
        return text if draw.random() < 0.9 else text * 9
    choices: dict[object, tuple[object, ...]] = {
        int: (0, 1, -7, 10**17, 10**18, 2**70),
        bool: (True, None),
    }
    return draw.choice(choices.get(shape, (0.5, 1.0, -0.0, 1e300)))
