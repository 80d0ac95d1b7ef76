"""Judge the bytes of one file by one profile: the whole way, for a file that is in memory."""

from collections.abc import Container, Iterator, Sequence
from typing import TypeAlias

from ftaudit.profiles.file_tally import FileTally
from ftaudit.profiles.file_tests import KeyOnEveryLine
from ftaudit.profiles.json_line import BOM, FlawPlace, LineFlaw, LineReading, read_line
from ftaudit.profiles.line_framing import (
    Framing,
    framing_of,
    objects_in,
    physical_lines,
)
from ftaudit.profiles.line_recall import LineRecall
from ftaudit.profiles.line_skeletons import FEWEST
from ftaudit.profiles.profile_judge import FileViolation, JudgedLine, ProfileJudge
from ftaudit.profiles.provider_profile import ProviderProfile


def judge_file(
    data: bytes, name: str, profile: ProviderProfile, fewest: int = FEWEST
) -> list[FileViolation]:
    """Return every violation of a JSON file, by line; those of the whole file have line 0.

    Args:
        data: the whole file.
        name: its name, of which a profile may demand an ending.
        profile: what it is held to.
        fewest: that of `line_skeletons.line_keys`.
    """
    judge = ProfileJudge(profile)
    framing = framing_of(data)
    tally = FileTally(watched_keys(profile))
    violations: list[FileViolation] = []
    for line, judged, keys in _judged(data, framing, judge, fewest):
        tally.add(None, line, judged, keys)
        tally.invalid += any(broken.rule.invalid for broken in judged.violations)
        violations.extend(FileViolation(line, broken) for broken in judged.violations)
    summary = tally.summary(
        name,
        len(data),
        bom=data.startswith(BOM),
        unended=bool(data) and not data.endswith(b"\n"),
        framing=framing,
    )
    return sorted([*violations, *judge.file(summary)], key=lambda item: item.line)


_Judged: TypeAlias = tuple[int, JudgedLine, Container[str] | None]
"""Line, what is said of it, and the keys of its record; None where it is none."""


def _judged(data: bytes, framing: Framing, judge: ProfileJudge, fewest: int) -> Iterator[_Judged]:
    if framing == "lines":
        yield from _of_lines([text for _, text in physical_lines(data)], judge, fewest)
        return
    for line, reading in _readings(data, framing, judge.profile):
        yield line, judge.line(reading), keys_in(reading)


def _of_lines(lines: Sequence[bytes], judge: ProfileJudge, fewest: int) -> Iterator[_Judged]:
    recall = LineRecall([judge], fewest)
    for line, (text, key, before) in enumerate(recall.recalled(lines), 1):
        if before is not None:
            yield line, before.judged[0], before.keys
            continue
        for _, reading in readings_of(line, text, judge.profile):
            judged = judge.line(reading)
            recall.remember(key, text, reading, (judged,))
            yield line, judged, keys_in(reading)


def keys_in(reading: LineReading) -> Container[str] | None:
    """Return the keys of the record that was read; None where none was."""
    return reading.value if reading.readable and isinstance(reading.value, dict) else None


def watched_keys(profile: ProviderProfile) -> tuple[str, ...]:
    """Return the keys of which a profile wants to know what lines have them."""
    checks = [rule.check for rule in profile.rules]
    return tuple(check.key for check in checks if isinstance(check, KeyOnEveryLine))


def _readings(
    data: bytes, framing: Framing, profile: ProviderProfile
) -> Iterator[tuple[int, LineReading]]:
    if framing == "utf-16":
        flaw = FlawPlace(LineFlaw.ENCODING, "", "the file is UTF-16, not UTF-8")
        yield 1, LineReading(None, (flaw,), readable=False)
    elif profile.framing == "any":
        yield from _of_objects(data)


def readings_of(
    line: int, text: bytes, profile: ProviderProfile
) -> Iterator[tuple[int, LineReading]]:
    """Read a line: once, or object by object where the profile lets several share one."""
    reading = read_line(text)
    if profile.framing == "lines" or reading.readable:
        yield line, reading
        return
    if not text.strip():
        return
    try:
        pieces = list(objects_in(text.decode()))
    except (ValueError, RecursionError):
        pieces = []
    if not pieces:
        yield line, reading
    for piece in pieces:
        yield line, read_line(piece.text)


def _of_objects(data: bytes) -> Iterator[tuple[int, LineReading]]:
    """Read records that are not cut by lines; what cannot be read ends the file."""
    line = 1
    try:
        for line, text in objects_in(data.removeprefix(BOM).decode()):
            yield line, read_line(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        flaw = FlawPlace(LineFlaw.ENCODING, "", "a byte that is not UTF-8")
        yield line, LineReading(None, (flaw,), readable=False)
    except (ValueError, RecursionError):
        flaw = FlawPlace(LineFlaw.JSON, "", "malformed after the record that begins here")
        yield line, LineReading(None, (flaw,), readable=False)
