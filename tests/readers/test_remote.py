"""Addresses are read like files, from a server and a store on this machine."""

import gc
import hashlib
import io
import pickle
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import ClassVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from ftaudit.model.errors import InputError
from ftaudit.model.parts import PartSizes
from ftaudit.pipeline.fixing import fix
from ftaudit.readers import remote_copy
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.inputs import FoundFile, open_inputs
from ftaudit.readers.parquet import ScannedSource
from ftaudit.readers.remote import RemoteFile, public
from ftaudit.readers.remote_copy import FetchedFile


class Store(BaseHTTPRequestHandler):
    """Serves a dictionary of files, whole and by range, as web servers and S3 do."""

    files: ClassVar[dict[str, bytes]] = {}
    seen: ClassVar[list[tuple[str, str]]] = []
    tag: ClassVar[str] = '"1"'
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        self.seen.append((self.command, self.headers.get("Authorization", "")))
        data = self.files.get(self.path.partition("?")[0])
        if data is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        size, part = len(data), data
        if found := re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", "")):
            begin = int(found[1]) if found[1] else max(0, size - int(found[2]))
            end = int(found[2]) + 1 if found[1] and found[2] else size
            part = data[begin:end]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{begin + len(part) - 1}/{size}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", self.tag)
        self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.end_headers()
        if body:
            self.wfile.write(part)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serve one table in every kind of file, under `/data`, and as a bucket called data."""
    frame = pl.DataFrame({"text": ["a", "b"] * 500, "label": ["x", "y"] * 500})
    frame.write_parquet(tmp_path / "d.parquet")
    frame.write_ipc(tmp_path / "d.arrow")
    frame.write_csv(tmp_path / "d.csv")
    frame.write_ndjson(tmp_path / "d.jsonl")
    Store.files = {f"/data/{path.name}": path.read_bytes() for path in tmp_path.iterdir()}
    Store.seen = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


KINDS = ["d.parquet", "d.arrow", "d.csv", "d.jsonl"]


@pytest.mark.parametrize("name", KINDS)
def test_a_web_address_is_read_like_a_file(server: str, name: str) -> None:
    inputs = open_inputs([f"http://{server}/data/{name}?key=SECRET"])
    (file,) = inputs.files
    data = Store.files[f"/data/{name}"]
    assert file.name == f"http://{server}/data/{name}"
    assert (file.sha256, file.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    table = pl.concat(inputs.tables())
    assert table["text"].to_list() == ["a", "b"] * 500
    assert table["__row"].to_list() == list(range(1000))


@pytest.mark.parametrize("name", KINDS)
def test_a_bucket_is_read_like_a_folder_s_file(
    server: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings = {
        "AWS_ENDPOINT_URL": f"http://{server}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    inputs = open_inputs([f"s3://data/{name}"])
    assert [file.name for file in inputs.files] == [f"s3://data/{name}"]
    data = Store.files[f"/data/{name}"]
    assert inputs.files[0].sha256 == hashlib.sha256(data).hexdigest()
    assert pl.concat(inputs.tables())["label"].to_list() == ["x", "y"] * 500


def test_a_hub_address_is_resolved_and_the_token_stays_hidden(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.files["/datasets/someone/things/resolve/v1/data/d.csv"] = Store.files["/data/d.csv"]
    monkeypatch.setenv("HF_ENDPOINT", f"http://{server}")
    monkeypatch.setenv("HF_TOKEN", "SECRET")
    inputs = open_inputs(["hf://datasets/someone/things@v1/data/d.csv"])
    assert inputs.files[0].rows == 1000
    assert ("GET", "Bearer SECRET") in Store.seen
    with pytest.raises(InputError, match="the server answered 404") as caught:
        open_inputs(["hf://datasets/someone/things@v2/data/d.csv"])
    assert "SECRET" not in str(caught.value)
    with pytest.raises(InputError, match="is not an address of the form hf://datasets/<owner>"):
        open_inputs(["hf://datasets/d.csv"])


def test_a_file_behind_an_address_is_fixed_into_a_folder_here(server: str, tmp_path: Path) -> None:
    """No part of an address leads out of the folder."""
    path = "/data/../../above.csv"
    Store.files[path] = b"text,label\na word,x\n,y\n"
    address, recipe = f"http://{server}{path}?key=SECRET", ["drop-malformed"]
    with fix(address, recipe=recipe, columns={"input": "text"}, workers=1) as fixed:
        fixed.write(tmp_path / "out")
        (name,) = fixed.names("train")
    assert name == f"http/{server.replace(':', '_')}/data/above.csv"
    assert (tmp_path / "out" / name).read_bytes() == b"text,label\na word,x\n"


@pytest.mark.parametrize("name", KINDS)
def test_what_is_not_there_is_told_without_credentials(server: str, name: str) -> None:
    address = f"http://user:SECRET@{server}/none/{name}?token=SECRET"
    with pytest.raises(InputError) as caught:
        open_inputs([address])
    assert "SECRET" not in str(caught.value)
    assert f"http://{server}/none/{name}: the server answered 404" in str(caught.value)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(
        InputError, match=r"d\.csv: the server cannot be reached. Check the address"
    ):
        open_inputs(["http://127.0.0.1:9/d.csv"])


def test_a_broken_remote_parquet_is_told(server: str) -> None:
    Store.files["/data/b.parquet"] = Store.files["/data/d.parquet"][:-9]
    with pytest.raises(InputError, match=r"b\.parquet: is not a complete parquet file"):
        open_inputs([f"http://{server}/data/b.parquet"])


def test_a_damaged_remote_parquet_is_told_in_one_line_without_a_panic(
    server: str, capfd: pytest.CaptureFixture[str]
) -> None:
    whole, random = Store.files["/data/d.parquet"], Random(60)  # noqa: S311 - the same damage each time
    refused = []
    for _ in range(40):
        damaged_bytes = bytearray(whole)
        for _ in range(5):
            damaged_bytes[random.randrange(4, len(whole) - 8)] = random.randrange(256)
        Store.files["/data/b.parquet"] = bytes(damaged_bytes)
        try:
            open_inputs([f"http://{server}/data/b.parquet"])
        except InputError as error:
            refused.append(str(error))
    assert len(refused) > 10
    assert not any("\n" in message for message in refused)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("address", ["hf://datasets/a/b/*.csv", "https://example.com/data/"])
def test_patterns_behind_web_addresses_are_refused(address: str) -> None:
    with pytest.raises(InputError, match="is a folder or a pattern behind a web address"):
        open_inputs([address])


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("webhdfs://host/rows.csv", "Write hdfs://"),
        ("s3a://bucket/rows.csv", "Write s3://"),
        ("wasbs://box@account/rows.csv", "Write abfss://"),
        ("dbfs:/rows.csv", "/Volumes/"),
        ("file:///rows.csv", "Name its path"),
    ],
)
def test_addresses_of_other_systems_are_refused_with_what_to_write(
    address: str, remedy: str
) -> None:
    with pytest.raises(InputError, match=re.escape(remedy)):
        open_inputs([address])


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is read as the bucket `box` of Google's store."""
    store = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    monkeypatch.setattr(fs, "GcsFileSystem", lambda **_: store)
    folder = tmp_path / "box" / "deep"
    folder.mkdir(parents=True)
    for name in ("train-0.csv", "train-1.csv", "test.csv", ".hidden.csv", "README.md"):
        (folder / name).write_text(f"text,label\nfrom {name},a\n", encoding="utf-8")
    (folder / "dataset_info.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.mark.parametrize("address", ["gs://box/deep/", "gs://box/**/*", "gs://box/d*/t*.csv"])
def test_folders_and_patterns_of_a_store_are_listed(bucket: Path, address: str) -> None:
    assert bucket.is_dir()
    files = open_inputs([address]).files
    assert [(file.split, file.name) for file in files] == [
        ("train", "gs://box/deep/train-0.csv"),
        ("train", "gs://box/deep/train-1.csv"),
        ("holdout", "gs://box/deep/test.csv"),
    ]


def test_a_store_without_files_that_match_is_refused(bucket: Path) -> None:
    for address in ("gs://box/deep/*.parquet", "gs://none/"):
        with pytest.raises(InputError, match=r"no file of a known kind|does not list"):
            open_inputs([address])
    (bucket / "_delta_log").mkdir()
    (bucket / "_delta_log" / "0.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is a Delta table"):
        open_inputs(["gs://box/deep/"])


def test_hdfs_is_read_by_its_own_library_or_says_what_that_needs(
    bucket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hadoop:
        @staticmethod
        def from_uri(address: str) -> fs.FileSystem:
            if address != "hdfs://name:8020":
                raise OSError
            return fs.SubTreeFileSystem(str(bucket.parent), fs.LocalFileSystem())

    monkeypatch.setattr(fs, "HadoopFileSystem", Hadoop)
    pl.DataFrame({"text": ["a", "b"]}).write_parquet(bucket / "rows.parquet")
    inputs = open_inputs(["hdfs://name:8020/deep/*.parquet"], open_each=opened_elsewhere)
    (part,) = inputs.parts(PartSizes(1 << 20, 1))
    assert isinstance(inputs.sources[0], ScannedSource)
    assert isinstance(inputs.sources[0].origin, FetchedFile)
    assert len(pickle.dumps(part)) < 2_000
    assert pl.concat(part.frames())["text"].to_list() == ["a", "b"]
    with pytest.raises(InputError, match="hadoop classpath"):
        open_inputs(["hdfs://other/deep/*.parquet"])


@pytest.mark.parametrize("name", ["d.parquet", "d.arrow"])
def test_every_process_has_its_own_copy_of_a_web_file(server: str, name: str) -> None:
    inputs = open_inputs([f"http://{server}/data/{name}"], open_each=opened_elsewhere)
    (part,) = inputs.parts(PartSizes(1 << 20, 1))
    remote_copy._fetched.cache_clear()  # noqa: SLF001 - as in another process
    requests = len(Store.seen)
    assert pl.concat(part.frames()).height == 1_000
    assert len(Store.seen) > requests
    requests = len(Store.seen)
    assert pl.concat(part.frames()).height == 1_000
    assert len(Store.seen) == requests


def opened_elsewhere(
    files: Sequence[FoundFile], work: Callable[[FoundFile], TableSource]
) -> list[TableSource]:
    """Open files as executors of a cluster do."""
    return [pickle.loads(pickle.dumps(work(file))) for file in files]  # noqa: S301 - our own


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_text_in_a_store_is_read_from_the_middle_and_refused_once_it_changed(
    bucket: Path, suffix: str
) -> None:
    rows = pl.DataFrame({"text": [f"row {i} " * 40 for i in range(20_000)]})
    path = bucket / f"rows.{suffix}"
    rows.write_csv(path) if suffix == "csv" else rows.write_ndjson(path)
    inputs = open_inputs([f"gs://box/deep/rows.{suffix}"])
    parts = list(inputs.parts(PartSizes(1 << 20, 4)))
    assert len(parts) > 2
    assert max(len(pickle.dumps(part)) for part in parts) < 3_000
    read = [frame for part in parts for frame in part.frames()]
    assert pl.concat(read)["text"].to_list() == rows["text"].to_list()
    path.write_bytes(path.read_bytes().replace(b"row 7 ", b"row 8 "))
    with pytest.raises(InputError, match="changed while it was read"):
        list(parts[0].frames())


def test_a_web_file_with_another_tag_is_refused(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = open_inputs([f"http://{server}/data/d.csv"])
    monkeypatch.setattr(Store, "tag", '"2"')
    with pytest.raises(InputError, match="changed while it was read"):
        list(inputs.tables())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:pw@example.com/a/b.csv?sig=1#x", "https://example.com/a/b.csv"),
        ("abfss://box@account.dfs.core.windows.net/a.csv", None),
        ("s3://bucket/a%20b.csv", None),
    ],
)
def test_addresses_are_shown_without_what_opens_them(address: str, shown: str | None) -> None:
    assert public(address) == (shown or address)
    assert RemoteFile(address).user_path == (shown or address)


@pytest.mark.parametrize(
    ("address", "system", "path", "given"),
    [
        ("gs://bucket/deep/rows.csv", "GcsFileSystem", "bucket/deep/rows.csv", ()),
        ("gcs://bucket/rows.csv", "GcsFileSystem", "bucket/rows.csv", ()),
        ("az://box/rows.csv", "AzureFileSystem", "box/rows.csv", ("from-env",)),
        (
            "abfss://box@account.dfs.core.windows.net/rows.csv",
            "AzureFileSystem",
            "box/rows.csv",
            ("account",),
        ),
    ],
)
def test_google_and_azure_addresses_reach_their_stores(
    address: str, system: str, path: str, given: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[object, ...], str]] = []

    class Store:
        def __init__(self, *account: object, **_: object) -> None:
            self.account = account

        def open_input_file(self, name: str) -> io.BytesIO:
            asked.append((self.account, name))
            return io.BytesIO(b"text,label\nhello there,a\n")

        def get_file_info(self, name: str) -> fs.FileInfo:
            return fs.FileInfo(name, fs.FileType.File, size=26, mtime_ns=7)

    monkeypatch.setattr(fs, system, Store)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "from-env")
    opened = open_inputs([address])
    assert [b["text"].to_list() for b in opened.tables()] == [["hello there"]]
    assert set(asked) == {(given, path)}


def damaged() -> bytes:
    """Return an Arrow file whose offsets point far outside of its text."""
    sink = io.BytesIO()
    frame = pl.DataFrame({"text": ["one", "two", "three"]})
    frame.write_ipc(sink, compat_level=pl.CompatLevel.oldest())
    raw = sink.getvalue()
    ends = struct.pack("<qqq", 3, 6, 11)
    assert ends in raw
    return raw.replace(ends, struct.pack("<qqq", 3, 6, 1 << 40))


def expanding() -> bytes:
    """Return a parquet file of some kilobytes that becomes a terabyte."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), ["x " * 500_000])
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": text}), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("d.arrow", damaged(), "is not a complete Arrow IPC file"),
        ("d.parquet", expanding(), "decodes to more than"),
        ("d.parquet", b"text,label\n", "is text, and not parquet"),
    ],
)
def test_a_file_from_a_store_is_validated_like_one_on_disk(
    server: str, name: str, data: bytes, message: str
) -> None:
    Store.files[f"/data/{name}"] = data
    with pytest.raises(InputError, match=message):
        open_inputs([f"http://{server}/data/{name}"])


def test_the_copy_of_a_remote_file_goes_with_the_last_who_wants_it(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "runs").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "runs"))
    inputs = open_inputs([f"http://{server}/data/d.parquet"])
    (run,) = (tmp_path / "runs").iterdir()
    assert run.stat().st_mode & 0o777 == 0o700
    part = pickle.loads(pickle.dumps(next(iter(inputs.parts(PartSizes(1 << 20, 1))))))  # noqa: S301 - our own, as a worker gets it
    assert sum(frame.height for frame in part.frames()) == 1_000
    del inputs
    gc.collect()
    assert list((tmp_path / "runs").iterdir()) == []
