"""When a row was written, however the user's column says it."""

from typing import Final

import polars as pl

from ftaudit.model.dataset import ROWS

_ISO: Final = (
    r"^\s*(?<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?<minute>\d{2}:\d{2})(?<second>:\d{2})?(?<fraction>[.,]\d{1,9})?"
    r"\s*(?<zone>[Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$"
)
_EPOCHS: Final = ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1))
"""Largest absolute value (exclusive) → microseconds per unit: s, ms and us since 1970 UTC.

Beyond them are nanoseconds. 10^11 seconds is the year 5138, 10^11 milliseconds is 1973."""


def moments(values: pl.Series) -> pl.Series:
    """Read times as UTC microseconds; null where there is none or it cannot be read.

    Strings are ISO 8601 dates or times (a space for the T, no seconds, and `+0100` are fine),
    `YYYYMMDD`, or digits since 1970. Numbers count seconds, milliseconds, microseconds or
    nanoseconds since 1970, told apart by their size. Times without a zone are UTC.
    """
    moment = ROWS["time"]
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        zoned = values.dt.convert_time_zone if dtype.time_zone else values.dt.replace_time_zone
        return zoned("UTC").cast(moment)
    if dtype == pl.Date:
        return values.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if dtype.is_numeric():
        return pl.select(_epoch(pl.lit(values))).to_series().cast(moment)
    if dtype != pl.String:
        return pl.Series([None] * len(values), dtype=moment)
    return values.to_frame("v").select(pl.coalesce(_iso(), _digits())).to_series().cast(moment)


def _epoch(value: pl.Expr) -> pl.Expr:
    """Return microseconds since 1970; compact dates such as 20240131 are dates."""
    number = value.cast(pl.Float64, strict=False)
    whole = value.cast(pl.Int64, strict=False)
    exact = number == whole
    size = number.abs()
    micros: pl.Expr = pl.when(size >= _EPOCHS[-1][0]).then(whole // 1_000)
    for limit, factor in reversed(_EPOCHS):
        scaled = (
            pl.when(exact)
            .then(whole * factor)
            .otherwise((number * factor).cast(pl.Int64, strict=False))
        )
        micros = pl.when(size < limit).then(scaled).otherwise(micros)
    compact = whole.cast(pl.String).str.to_datetime("%Y%m%d", strict=False, time_unit="us")
    is_compact = exact & whole.is_between(19_000_101, 29_991_231)
    stamp = compact.dt.timestamp("us")
    return (
        pl.when(is_compact)
        .then(stamp)
        .otherwise(micros)
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone("UTC")
    )


def _digits() -> pl.Expr:
    text = pl.col("v").str.strip_chars()
    number = pl.when(text.str.contains(r"^-?\d{8,19}(\.\d+)?$")).then(text)
    whole = number.str.extract(r"^(-?\d+)$").cast(pl.Int64, strict=False)
    return pl.coalesce(_epoch(whole), _epoch(number.cast(pl.Float64, strict=False)))


def _iso() -> pl.Expr:
    part = pl.col("v").str.extract_groups(_ISO).struct
    zone = (
        part.field("zone")
        .str.to_uppercase()
        .str.replace("Z", "+00:00", literal=True)
        .str.replace(r"^([+-]\d{2})(\d{2})$", "$1:$2")
        .str.replace(r"^([+-]\d{2})$", "$1:00")
    )
    text = pl.concat_str(
        part.field("date"),
        pl.lit("T"),
        part.field("minute").fill_null("00:00"),
        part.field("second").fill_null(":00"),
        part.field("fraction").str.replace(",", ".", literal=True).fill_null(".0"),
        zone.fill_null("+00:00"),
    )
    return text.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%:z", strict=False, time_unit="us", time_zone="UTC"
    )
