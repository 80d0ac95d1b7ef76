"""Pickle what a worker answers, with large frames in few bytes.

Partials of many rows have columns with the same value in most of them: compressed they take a tenth
of the bytes that have to pass a pipe, and no more time than to copy them.
"""

import io
import pickle
from typing import Any, Final

import polars as pl

WORTH_COMPRESSING: Final = 1 << 16
"""Bytes of a frame, in memory."""


def pickled(answer: object) -> bytes:
    """Return the bytes of a value, which `pickle.loads` reads."""
    stream = io.BytesIO()
    _AnswerPickler(stream, pickle.HIGHEST_PROTOCOL).dump(answer)
    return stream.getvalue()


class _AnswerPickler(pickle.Pickler):
    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401 - as `pickle` has it
        """Return what makes a large frame again; all else is pickled as ever."""
        if not isinstance(obj, pl.DataFrame) or obj.estimated_size() < WORTH_COMPRESSING:
            return NotImplemented
        stream = io.BytesIO()
        obj.write_ipc_stream(stream, compression="zstd", compat_level=pl.CompatLevel.newest())
        return pl.read_ipc_stream, (stream.getvalue(),)
