"""Files in a store or behind a web address.

Every file is streamed: over HTTP with the standard library, from S3, Google and Azure storage with
the file systems of pyarrow. Of parquet and Arrow files a copy is made first (`remote_copy`).
Credentials come from the environment, by the names the vendors use; none is ever shown.
"""

import os
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, BinaryIO, Final, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from ftaudit.model.errors import InputError

TIMEOUT: Final = 60
"""Seconds without an answer after which a store counts as out of reach."""

_HUB: Final = "https://huggingface.co"


@dataclass(frozen=True)
class RemoteFile:
    """A file at an address."""

    address: str
    size: int | None = None

    @property
    def user_path(self) -> str:
        """Return the address without credentials, query or fragment."""
        return public(self.address)

    def open(self) -> BinaryIO:
        """Open a stream of the file's bytes."""
        scheme = urlsplit(self.address).scheme.lower()
        if scheme in {"http", "https"}:
            return self._open_web(_web_request(self.address))
        if scheme == "hf":
            return self._open_web(_hub_request(self.address))
        return self._open_store()

    def _open_web(self, request: Request) -> BinaryIO:
        try:
            return _Web(self.user_path, urlopen(request, timeout=TIMEOUT))  # type: ignore[return-value] # noqa: S310 - reads are all that is asked of it, and the scheme was checked
        except HTTPError as error:
            error.close()
            raise out_of_reach(self.user_path, f"the server answered {error.code}") from None
        except (URLError, OSError, HTTPException, ValueError):
            raise out_of_reach(self.user_path, "the server cannot be reached") from None

    def _open_store(self) -> BinaryIO:
        import pyarrow as pa

        try:
            system, path = _file_system(self.address)
            return cast("BinaryIO", system.open_input_stream(path))
        except (OSError, ValueError, pa.ArrowException):
            raise out_of_reach(self.user_path, "the store does not give the file") from None


class _Web:
    """The body of an answer; a connection that breaks is a broken file."""

    def __init__(self, user_path: str, body: Any) -> None:  # noqa: ANN401 - urllib leaves it open
        self._shown, self._body = user_path, body

    def read(self, size: int = -1, /) -> bytes:
        try:
            return cast("bytes", self._body.read(size))
        except (OSError, HTTPException):
            raise out_of_reach(self._shown, "the connection broke") from None

    def close(self) -> None:
        self._body.close()


def public(address: str) -> str:
    """Return an address without credentials, query or fragment."""
    parts = urlsplit(address)
    host = parts.netloc if parts.scheme in {"az", "abfs", "abfss"} else parts.netloc.split("@")[-1]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def out_of_reach(user_path: str, reason: str) -> InputError:
    """Say that a remote file cannot be read."""
    remedy = "Check the address, the credentials in the environment and the network"
    return InputError(user_path, reason, remedy=remedy)


def _web_request(address: str) -> Request:
    """Return the request for a web address, which may hold a user and a password."""
    parts = urlsplit(address)
    user, at_sign, host = parts.netloc.rpartition("@")
    plain = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    token = b64encode(unquote(user).encode()).decode()
    headers = {"Authorization": f"Basic {token}"} if at_sign else {}
    return Request(plain, headers=headers)  # noqa: S310 - the scheme was checked


def _hub_request(address: str) -> Request:
    """Return the request for `hf://datasets/<owner>/<name>[@<revision>]/<path>`.

    Source: https://huggingface.co/docs/huggingface_hub/guides/hf_file_system.
    """
    kind, _, rest = address.removeprefix("hf://").partition("/")
    parts = rest.split("/", 2)
    if kind not in {"datasets", "spaces"} or len(parts) < 3:
        problem = "is not an address of the form hf://datasets/<owner>/<name>/<path>"
        raise InputError(public(address), problem, remedy="Name one file")
    name, _, revision = parts[1].partition("@")
    repository = f"{kind}/{parts[0]}/{name}"
    url = f"{os.environ.get('HF_ENDPOINT', _HUB)}/{repository}/resolve/{quote(revision or 'main')}"
    token = os.environ.get("HF_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Request(f"{url}/{quote(parts[2])}", headers=headers)  # noqa: S310 - https, or as set


def _file_system(address: str) -> tuple[Any, str]:
    """Return the pyarrow file system of an address and the path in it."""
    from pyarrow import fs

    parts = urlsplit(address)
    scheme, path = parts.scheme.lower(), f"{parts.netloc}{parts.path}"
    if scheme == "s3":
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return fs.S3FileSystem(endpoint_override=endpoint, region=region), path
    if scheme in {"gs", "gcs"}:
        return fs.GcsFileSystem(), path
    container, _, host = (
        parts.netloc.rpartition("@") if "@" in parts.netloc else (parts.netloc, "", "")
    )
    account = host.split(".")[0] or os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "")
    key = os.environ.get("AZURE_STORAGE_ACCOUNT_KEY")
    return fs.AzureFileSystem(account, account_key=key), f"{container}{parts.path}"
