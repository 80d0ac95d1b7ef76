"""Files behind a web address, read with the standard library.

What it takes to speak HTTP is imported here alone, and only when a file is behind such an address.
"""

import os
from base64 import b64encode
from http.client import HTTPException
from typing import Any, BinaryIO, Final, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from ftaudit.model.errors import InputError
from ftaudit.readers.remote import RemoteStamp, out_of_reach, public

TIMEOUT: Final = 60
"""Seconds without an answer after which a server counts as out of reach."""

_HUB: Final = "https://huggingface.co"


def open_web(address: str) -> tuple[BinaryIO, RemoteStamp]:
    """Open a file behind an http, https or hf address; return what the server says of it, too.

    Raises:
        InputError: it cannot be read, or the address is none of a file.
    """
    is_hub = urlsplit(address).scheme.lower() == "hf"
    request, user_path = (_hub_request if is_hub else _web_request)(address), public(address)
    try:
        answer = urlopen(request, timeout=TIMEOUT)  # noqa: S310 - reads are all that is asked of it, and the scheme was checked
        return _Web(user_path, answer), _web_stamp(answer.headers)  # type: ignore[return-value] # what is asked of it is there
    except HTTPError as error:
        error.close()
        raise out_of_reach(user_path, f"the server answered {error.code}") from None
    except (URLError, OSError, HTTPException, ValueError):
        raise out_of_reach(user_path, "the server cannot be reached") from None


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


def _web_stamp(headers: Any) -> RemoteStamp:  # noqa: ANN401 - urllib leaves it open
    size = headers.get("Content-Length", "")
    return RemoteStamp(
        int(size) if size.isdecimal() else None,
        headers.get("ETag", ""),
        headers.get("Last-Modified", ""),
    )
