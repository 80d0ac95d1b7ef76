"""Data in a store is read where it is used, and is the data that a machine reads alone."""

import io
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ftaudit.engines.local import engine as local_engine
from ftaudit.engines.spark import spark_engine
from ftaudit.engines.spark.mapped_parts import EvenSizes
from ftaudit.model.errors import InputError
from ftaudit.model.options import Options
from ftaudit.readers.inputs import open_inputs
from ftaudit.readers.remote import RemoteFile
from tests.engines.spark.conftest import Bucket, Data, GoogleBucket

CHECKS = ("schema", "duplicates", "leakage", "markings")


def chat(first: int, count: int) -> pl.DataFrame:
    texts = [f"please explain number {i // 2} of the list " + "again " * 9 for i in range(count)]
    return pl.DataFrame(
        {
            "messages": [
                [
                    {"role": "user", "content": text},
                    {"role": "assistant", "content": f"answer {first + number}"},
                ]
                for number, text in enumerate(texts)
            ]
        }
    )


def parquet(frame: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.write_parquet(sink, row_group_size=100)
    return sink.getvalue()


def arrow(frame: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.write_ipc(sink, record_batch_size=100)
    return sink.getvalue()


def jsonl(frame: pl.DataFrame) -> bytes:
    return frame.write_ndjson().encode()


WRITTEN: dict[str, Callable[[pl.DataFrame], bytes]] = {
    "parquet": parquet,
    "arrow": arrow,
    "jsonl": jsonl,
}


@pytest.mark.usefixtures("cluster", "part_bytes")
@pytest.mark.parametrize("part_bytes", [20_000], indirect=True)
@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_a_folder_of_a_bucket_has_the_evidence_that_one_machine_finds(
    scheme: str, bucket: Bucket, google_bucket: GoogleBucket, tmp_path: Path
) -> None:
    store = bucket if scheme == "s3" else google_bucket
    store.put("mixed/train-0.parquet", parquet(chat(0, 300)))
    store.put("mixed/train-1.arrow", arrow(chat(300, 300)))
    store.put("mixed/train-2.jsonl", jsonl(chat(600, 300)))
    store.put("mixed/test.parquet", parquet(chat(900, 100)))
    data = Data((f"{scheme}://training/mixed/*",), options=Options(method="minhash", only=CHECKS))
    here = data.scanned("local", tmp_path / "local")
    assert data.scanned("spark", tmp_path / "spark") == here
    assert here.statuses["duplicates"] in {"passed", "failed"}


def test_a_file_of_a_google_bucket_that_changes_is_refused_by_its_tag(
    google_bucket: GoogleBucket,
) -> None:
    google_bucket.put("changing/rows.csv", b"text,label\none,a\n")
    file = RemoteFile("gs://training/changing/rows.csv").pinned()
    assert file.stamp is not None
    assert file.stamp.tag
    assert file.open().read().startswith(b"text,label")
    google_bucket.put("changing/rows.csv", b"text,label\ntwo,a\n")
    with pytest.raises(InputError, match=r"rows\.csv: changed while it was read"):
        file.open()


@pytest.mark.usefixtures("cluster", "part_bytes")
@pytest.mark.parametrize("part_bytes", [20_000], indirect=True)
@pytest.mark.parametrize("engine", [local_engine, spark_engine])
def test_a_file_that_changes_in_the_scan_is_refused_by_its_stamp(
    engine: Any,  # noqa: ANN401 - a module
    bucket: Bucket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suffix = "csv" if engine is local_engine else "parquet"
    frame = pl.DataFrame({"text": [f"row {i}" for i in range(300)], "label": ["a", "b"] * 150})
    write = parquet if suffix == "parquet" else lambda rows: rows.write_csv().encode()
    bucket.put(f"changing/rows.{suffix}", write(frame))
    untouched = engine.map_parts

    def map_parts(*arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        bucket.put(f"changing/rows.{suffix}", write(frame.reverse()))
        untouched(*arguments, **named)

    monkeypatch.setattr(engine, "map_parts", map_parts)
    data = Data((f"s3://training/changing/rows.{suffix}",), options=Options(only=("schema",)))
    with pytest.raises(InputError, match=rf"rows\.{suffix}: changed while it was read") as error:
        data.scanned("spark" if engine is spark_engine else "local", tmp_path / "out")
    assert error.value.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "jsonl"])
def test_parts_of_a_bucket_are_names_and_no_rows(suffix: str, bucket: Bucket) -> None:
    frame = chat(0, 300)
    bucket.put(f"named/rows.{suffix}", WRITTEN[suffix](frame))
    inputs = open_inputs([f"s3://training/named/rows.{suffix}"], open_each=here)
    parts = list(inputs.parts(EvenSizes(size_bytes=1_000)))
    assert len(parts) == (1 if suffix == "jsonl" else 3)
    packed = [pickle.dumps(part) for part in parts]
    assert max(map(len, packed)) < 2_000
    rows = [f for part in packed for f in pickle.loads(part).frames()]  # noqa: S301 - our own
    assert pl.concat(rows)["messages"].to_list() == frame["messages"].to_list()


def here(files: Sequence[Any], work: Any) -> list[Any]:  # noqa: ANN401 - as tasks do
    return [pickle.loads(pickle.dumps(work(file))) for file in files]  # noqa: S301 - our own
