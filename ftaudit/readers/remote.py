"""Files in a store or behind a web address.

Every file is streamed: over HTTP with the standard library (`web_file`), from S3, Google and Azure
storage and HDFS with the file systems of pyarrow. Of parquet and Arrow files a copy is made first
(`remote_copy`); an executor of a cluster keeps none, and reads parts with polars' reader. What a
file is known by (`RemoteStamp`) is compared whenever it is opened and once it was read.
Credentials come from the environment, by the names the vendors use; none is ever shown.
"""

import io
import os
from typing import Any, BinaryIO, Final, NamedTuple, cast
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.errors import InputError
from ftaudit.readers.origin import changed

_WEB: Final = frozenset({"http", "https", "hf"})
_HADOOP: Final = frozenset({"hdfs", "viewfs"})
_STORES: Final = frozenset({"s3", "gs", "gcs", "az", "azure", "abfs", "abfss"}) | _HADOOP
"""Schemes of stores: their files can be listed, and read from the middle."""

GOOGLE_EMULATOR: Final = "CLOUD_STORAGE_EMULATOR_ENDPOINT"
"""Where a stand-in for Google's storage is, which asks for no credentials; Google's own libraries
read it."""

_AHEAD: Final = 1 << 20
"""Bytes that are read of a file in a store at once, at least."""


class RemoteStamp(NamedTuple):
    """What a server says of the bytes that it gives; empty where it says nothing."""

    size: int | None = None
    tag: str = ""
    """The ETag."""
    modified: str = ""
    """The time of the last change, as the server writes it."""

    def is_other(self, other: "RemoteStamp") -> bool:
        """Tell whether both cannot be of the same bytes."""
        if None not in {self.size, other.size} and self.size != other.size:
            return True
        if self.tag and other.tag:
            return self.tag != other.tag
        return bool(self.modified and other.modified) and self.modified != other.modified


class RemoteFile(Struct, frozen=True):
    """A file at an address."""

    address: str
    size: int | None = None
    stamp: RemoteStamp | None = None
    """What it was known by when it was first opened (`pinned`); None: it was not."""

    @property
    def user_path(self) -> str:
        """Return the address without credentials, query or fragment."""
        return public(self.address)

    @property
    def in_store(self) -> bool:
        """Whether the file is in a store, where it can be read from the middle."""
        return in_store(self.address)

    @property
    def scannable(self) -> bool:
        """Whether polars' own readers read parts of it."""
        return self.in_store and urlsplit(self.address).scheme.lower() not in _HADOOP

    def pinned(self) -> "RemoteFile":
        """Return the file as it is now: it is refused once the server gives another one.

        Raises:
            InputError: it cannot be read.
        """
        body, stamp = self._opened()
        body.close()
        return replace(self, size=stamp.size if self.size is None else self.size, stamp=stamp)

    def open(self) -> BinaryIO:
        """Open the file's bytes; those of a store can be read from the middle.

        Raises:
            InputError: it cannot be read, or changed since it was pinned.
        """
        body, stamp = self._opened()
        if self.stamp is not None and self.stamp.is_other(stamp):
            body.close()
            raise changed(self.user_path)
        return body

    def verify(self) -> None:
        """Make sure that a pinned file has not changed.

        Raises:
            InputError: it has, or cannot be read any more.
        """
        if self.stamp is not None:
            self.open().close()

    def _opened(self) -> tuple[BinaryIO, RemoteStamp]:
        if urlsplit(self.address).scheme.lower() in _WEB:
            from ftaudit.readers.web_file import open_web

            return open_web(self.address)
        return self._open_store()

    def _open_store(self) -> tuple[BinaryIO, RemoteStamp]:
        import pyarrow as pa

        try:
            system, path = file_system(self.address)
            raw = system.open_input_file(path)
            stamp = _store_stamp(system, path, raw)
            return cast("BinaryIO", io.BufferedReader(raw, _AHEAD)), stamp
        except (OSError, ValueError, pa.ArrowException):
            raise store_out_of_reach(self.user_path, "the store does not give the file") from None


def in_store(address: str) -> bool:
    """Tell whether an address is of a store, whose files can be listed."""
    return urlsplit(address).scheme.lower() in _STORES


def reader_options(address: str) -> dict[str, str] | None:
    """Return what polars' own readers must be told of a store; None of a file on disk.

    Credentials they take from the environment themselves.
    """
    endpoint = _endpoint() if urlsplit(address).scheme.lower() == "s3" else None
    if endpoint is None:
        return None
    plain = {"aws_allow_http": "true"} if endpoint.lower().startswith("http:") else {}
    return {"aws_endpoint_url": endpoint, **plain}


def public(address: str) -> str:
    """Return an address without credentials, query or fragment."""
    parts = urlsplit(address)
    host = parts.netloc if parts.scheme in {"az", "abfs", "abfss"} else parts.netloc.split("@")[-1]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def out_of_reach(user_path: str, reason: str) -> InputError:
    """Say that a remote file cannot be read."""
    remedy = "Check the address, the credentials in the environment and the network"
    return InputError(user_path, reason, remedy=remedy)


def store_out_of_reach(user_path: str, reason: str) -> InputError:
    """Say that a file or folder of a store cannot be read."""
    if urlsplit(user_path).scheme.lower() not in _HADOOP:
        return out_of_reach(user_path, reason)
    remedy = (
        "HDFS is read by Hadoop's own library: set HADOOP_HOME, and CLASSPATH to what `hadoop "
        "classpath --glob` prints, or mount it and name the path"
    )
    return InputError(user_path, reason, remedy=remedy)


def _store_stamp(system: Any, path: str, raw: Any) -> RemoteStamp:  # noqa: ANN401 - pyarrow has no types
    """Return what a store says of an opened file; not all tell an ETag."""
    try:
        facts = {name.lower(): value for name, value in raw.metadata().items()}
        tag = facts.get("etag", b"").decode()
    except (AttributeError, NotImplementedError):
        tag = ""
    if tag:
        return RemoteStamp(raw.size(), tag)
    status = system.get_file_info(path)
    return RemoteStamp(status.size, "", str(status.mtime_ns or ""))


def _endpoint() -> str | None:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")


def file_system(address: str) -> tuple[Any, str]:
    """Return the pyarrow file system of an address and the path in it."""
    from pyarrow import fs

    parts = urlsplit(address)
    scheme, path = parts.scheme.lower(), f"{parts.netloc}{parts.path}"
    if scheme == "s3":
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return fs.S3FileSystem(endpoint_override=_endpoint(), region=region), path
    if scheme in {"gs", "gcs"}:
        return fs.GcsFileSystem(anonymous=GOOGLE_EMULATOR in os.environ), path
    if scheme in _HADOOP:
        return fs.HadoopFileSystem.from_uri(f"{scheme}://{parts.netloc}"), parts.path
    container, _, host = (
        parts.netloc.rpartition("@") if "@" in parts.netloc else (parts.netloc, "", "")
    )
    account = host.split(".")[0] or os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "")
    key = os.environ.get("AZURE_STORAGE_ACCOUNT_KEY")
    return fs.AzureFileSystem(account, account_key=key), f"{container}{parts.path}"
