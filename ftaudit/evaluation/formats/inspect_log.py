"""Inspect: logs as `.json`, and as `.eval`, a zip whose members are mostly zstd.

`zipfile` of Python before 3.14 cannot read method 93, so members are found through the central
directory and decompressed here. Source: APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.4.5.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ftaudit.evaluation.formats.json_values import (
    Json,
    decoded,
    elements,
    identifier,
    member,
    number,
    text,
)
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import ResultTable, result_frame, text_keys
from ftaudit.model.errors import InputError

NAME: Final = "inspect"
ZSTANDARD: Final = 93
LARGEST: Final = 1 << 30
"""Bytes of one member beyond which it is no log."""
_LOCAL_HEADER: Final = 30
_LETTERS: Final = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Correct, incorrect, partial, no answer (inspect_ai.scorer.value_to_float)."""
_CACHED: Final = "input_tokens_cache_read"


def recognises(value: Json) -> bool:
    """Return whether a JSON document is a log."""
    return isinstance(value, Mapping) and {"eval", "samples", "version"} <= value.keys()


def is_archive(data: bytes) -> bool:
    """Return whether a file is a zip."""
    return data.startswith(b"PK\x03\x04")


def read_archive(data: bytes, name: str) -> Mapping[str, Json]:
    """Return the log of an `.eval` file as its `.json` would be.

    Raises:
        InputError: not a zip, or not of Inspect; names the member that cannot be read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise InputError(name, "a damaged zip", remedy="Copy the log again") from None
    members = {info.filename: info for info in archive.infolist()}
    if "header.json" not in members:
        problem = "a zip without header.json, so no finished log of Inspect"
        raise InputError(name, problem, remedy="Give a log whose run has ended")
    header = decoded(_member_bytes(data, members["header.json"], name), name)
    samples = [
        decoded(_member_bytes(data, info, name), f"{name}/{path}")
        for path, info in members.items()
        if path.startswith("samples/") and path.endswith(".json")
    ]
    return {**(header if isinstance(header, Mapping) else {}), "samples": samples}


def _member_bytes(data: bytes, info: zipfile.ZipInfo, name: str) -> bytes:
    start = info.header_offset
    sizes = struct.unpack("<HH", data[start + 26 : start + _LOCAL_HEADER])
    begin = start + _LOCAL_HEADER + sum(sizes)
    packed = data[begin : begin + info.compress_size]
    if info.file_size > LARGEST:
        raise InputError(name, f"too large: the member {info.filename}")
    try:
        content = _unpacked(packed, info)
    except (zlib.error, ValueError):
        content = None
    if content is None or len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise InputError(
            name, f"the member {info.filename} is damaged", remedy="Copy the log again"
        )
    return content


def _unpacked(packed: bytes, info: zipfile.ZipInfo) -> bytes | None:
    if info.compress_type == zipfile.ZIP_STORED:
        return packed
    if info.compress_type == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
    return _unpacked_zstd(packed, info.file_size) if info.compress_type == ZSTANDARD else None


def _unpacked_zstd(packed: bytes, size: int) -> bytes:
    """Decompress one frame or several."""
    import zstandard

    source = io.BytesIO(packed)
    with zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True) as reader:
        try:
            return reader.read(size + 1)
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from None


def read_tables(log: Mapping[str, Json], request: ResultRequest) -> list[ResultTable]:
    """Read the samples of a log; its epochs are runs."""
    samples = elements(log.get("samples"))
    scorer = _scorer(samples, request.metric)
    targets = [_targets(member(sample, "target")) for sample in samples]
    usage = [_usage(sample) for sample in samples]
    failed = [member(sample, "error") is not None for sample in samples]
    frame = result_frame(
        {
            "run": [int(number(member(sample, "epoch")) or 1) - 1 for sample in samples],
            "output": [text(member(sample, "output", "completion")) for sample in samples],
            "reference": [target[0] if target else None for target in targets],
            "score": [_value(member(sample, "scores", scorer, "value")) for sample in samples],
            "failed": failed,
            "prompt_tokens": [tokens.get("input_tokens") for tokens in usage],
            "cached_tokens": [tokens.get(_CACHED) for tokens in usage],
            "completion_tokens": [tokens.get("output_tokens") for tokens in usage],
            "latency_ms": [_milliseconds(member(sample, "total_time")) for sample in samples],
        }
    )
    if any(len(target) > 1 for target in targets):
        frame = frame.with_columns(_alternatives(targets))
    keys = text_keys("id", (identifier(member(sample, "id")) for sample in samples))
    model = text(member(log, "eval", "model")) or ""
    return [ResultTable(NAME, model, frame, keys, scorer, settings=_settings(log))]


def _alternatives(targets: Sequence[Sequence[str]]) -> pl.Series:
    return pl.Series("alternatives", [list(target) for target in targets], pl.List(pl.String))


def _scorer(samples: Sequence[Json], requested: str) -> str:
    scores = next((member(s, "scores") for s in samples if member(s, "scores")), None)
    names = list(scores) if isinstance(scores, Mapping) else []
    return requested if requested in names else (names[0] if names else "")


def _targets(target: Json) -> list[str]:
    if isinstance(target, str):
        return [target]
    return [value for value in map(text, elements(target)) if value is not None]


def _value(value: Json) -> float | None:
    """Return a score as a number; a scorer of several values has none."""
    if isinstance(value, str):
        return _LETTERS.get(value)
    return number(value)


def _usage(sample: Json) -> Mapping[str, float]:
    """Return token counts summed over the models that a sample called."""
    models = member(sample, "model_usage")
    totals: dict[str, float] = {}
    for counts in models.values() if isinstance(models, Mapping) else ():
        for key in ("input_tokens", "output_tokens", _CACHED):
            if (count := number(member(counts, key))) is not None:
                totals[key] = totals.get(key, 0.0) + count
    return totals


def _milliseconds(seconds: Json) -> float | None:
    value = number(seconds)
    return None if value is None else value * 1_000


def _settings(log: Mapping[str, Json]) -> dict[str, str]:
    temperature = number(member(log, "eval", "model_generate_config", "temperature"))
    return {} if temperature is None else {"temperature": f"{temperature:g}"}
