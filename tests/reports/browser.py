"""A page in headless Chromium, driven through the DevTools protocol over a pipe.

https://chromedevtools.github.io/devtools-protocol/
"""

import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
WAIT = 60.0
"""Seconds after which a browser that does not answer is given up."""


class Page:
    """A page that was opened; what the browser reports is kept in `problems`."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._out, self._in = to_browser, from_browser
        self._number, self._rest = 0, b""
        self._session = ""
        self.problems: list[str] = []

    def open(self, path: Path, downloads: Path) -> None:
        """Open a local file; downloads go to a folder."""
        self._send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        attached = self._send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._send(f"{domain}.enable")
        self._send("Page.navigate", url=path.as_uri())
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page answers
        """Return the value of an expression in the page."""
        answer = self._send("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + WAIT
        while not self.value(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.02)

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key: a letter, a digit or the name of a key."""
        code = f"Digit{key}" if key.isdigit() else key if len(key) > 1 else f"Key{key.upper()}"
        modifiers = 8 if shift else 0
        for kind in ("rawKeyDown", "keyUp"):
            self._send("Input.dispatchKeyEvent", type=kind, key=key, code=code, modifiers=modifiers)

    def choose_file(self, selector: str, path: Path) -> None:
        """Choose a file in an input of the page."""
        document = self._send("DOM.getDocument")["root"]["nodeId"]
        node = self._send("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self._send("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def _send(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            if answer.get("method") in {"Runtime.exceptionThrown", "Log.entryAdded"}:
                self.problems.append(json.dumps(answer["params"]))

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._in, 1 << 16)
            assert data, "the browser ended"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[Page]:
    """Yield a page in a browser of its own, with its profile and downloads in a folder."""
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe")

    def give_pipes() -> None:
        """Let the browser read commands from descriptor 3 and answer on 4."""
        above = fcntl.fcntl(to_read, fcntl.F_DUPFD, 10), fcntl.fcntl(from_write, fcntl.F_DUPFD, 10)
        for descriptor, pipe in zip((3, 4), above, strict=True):
            os.dup2(pipe, descriptor)

    process = subprocess.Popen(  # noqa: S603 - the browser of this machine
        [PROGRAM, *options, f"--user-data-dir={folder / 'profile'}"],
        preexec_fn=give_pipes,  # noqa: PLW1509 - runs nothing that a thread could hold
        pass_fds=(3, 4),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(from_write)
    page = Page(to_write, from_read)
    try:
        page.open(path, folder)
        yield page
    finally:
        os.close(to_write)
        os.close(from_read)
        process.terminate()
        process.wait(WAIT)
