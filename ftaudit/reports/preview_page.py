"""Previews of records as text for a terminal, or as a page: trained, given and cut-off text."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, Protocol

from ftaudit.model.escape import printable

_MARKS: Final = {"given": ("", ""), "trained": ("⟦", "⟧"), "cut": ("⟨cut: ", "⟩")}
_COLOURS: Final = {"given": "", "trained": "\x1b[1;32m", "cut": "\x1b[2;9m"}
_LONGEST: Final = 10_000
_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto }
body { padding: 1.5rem 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; overflow-wrap: anywhere }
p { margin: .25rem 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f4; padding: 1rem }
pre { border-radius: 6px; margin: .5rem 0 }
.none { color: #666 }
.trained { background: #cdeccd; font-weight: 600 }
.cut { color: #888; text-decoration: line-through }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee }
  pre { background: #222 }
  .trained { background: #245c24 }
}
"""
_NO_TEXT: Final = '<span class="none">no text: the record has none, or cannot be read</span>'


class ShownPiece(Protocol):
    """A stretch of text and its use."""

    @property
    def text(self) -> str:
        """The text, masked."""

    @property
    def use(self) -> str:
        """`given`, `trained` or `cut`."""


def console_text(title: str, pieces: Sequence[ShownPiece], note: str, *, colours: bool) -> str:
    """Return a record for a terminal; without colours, marks tell what is trained and cut."""
    body = "".join(_piece(piece, colours=colours) for piece in pieces)
    return "\n".join(filter(None, [printable(title), printable(note), body]))


def _piece(piece: ShownPiece, *, colours: bool) -> str:
    text = "\n".join(printable(line, limit=_LONGEST) for line in piece.text.split("\n"))
    if colours and _COLOURS[piece.use]:
        return f"{_COLOURS[piece.use]}{text}\x1b[0m"
    before, after = _MARKS[piece.use]
    return f"{before}{text}{after}"


def html_page(records: Iterable[tuple[str, Sequence[ShownPiece], str]]) -> str:
    """Return a page of records: title, text and note of each. It has no script."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    sections = "\n".join(_section(*record) for record in records)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<style>{_STYLE}</style></head><body>
<h1>What is trained</h1>
<p><span class="trained">trained</span>, given, <span class="cut">cut off</span>; values that a
check would find are masked.</p>
{sections}
</body></html>
"""


def _section(title: str, pieces: Sequence[ShownPiece], note: str) -> str:
    text = "".join(f'<span class="{piece.use}">{_escaped(piece.text)}</span>' for piece in pieces)
    remark = f"<p>{_escaped(note)}</p>\n" if note else ""
    return f"<h2>{_escaped(title)}</h2>\n{remark}<pre>{text or _NO_TEXT}</pre>"


def _escaped(text: str) -> str:
    return escape("\n".join(printable(line, limit=_LONGEST) for line in text.split("\n")))
