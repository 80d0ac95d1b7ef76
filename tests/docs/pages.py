"""The pages of the documentation, and the parts of them that can be run.

A fenced block of these languages is run, in the order of the page, in one shell and one folder:

- `console`: lines that begin `$ ` are commands; what stands below must be what they print. A line
  `…` stands for any lines, a `…` within a line for any text. A command that fails must be followed
  by `$ echo $?`.
- `sh`: every line is a command; none may fail.
- `python`: a program of its own, which must end well.
- any other with `file=NAME` after the language: the text of a file, which is written.

A block that cannot be run says why: `sh no-run: needs a bucket`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = ("console", "sh", "python")
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    """1-based line of its fence."""
    language: str
    note: str
    """What follows the language."""
    body: str

    @property
    def where(self) -> str:
        """Name the place, for messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def excused(self) -> str:
        """Return why the block is not run; empty when it is."""
        _, _, reason = self.note.partition("no-run:")
        return reason.strip()

    @property
    def file(self) -> str:
        """Return the name of the file whose text this is; empty when it is none."""
        found = re.search(r"file=(\S+)", self.note)
        return found[1] if found else ""


def pages() -> list[Path]:
    """Return every page a person wrote: README, CONTRIBUTING, docs/ without what is generated."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if "Made by `make docs`" not in page.read_text("utf-8")[:80]]


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        language, _, note = found["info"].strip().partition(" ")
        body = re.sub(rf"^{found['indent']}", "", found["body"], flags=re.MULTILINE)
        yield Block(page, text.count("\n", 0, found.start()) + 1, language, note, body)


@dataclass(frozen=True)
class Command:
    """A command of a page, and what the page says it prints (None: nothing is said)."""

    where: str
    text: str
    output: str | None

    def prints(self, printed: str) -> bool:
        """Return whether the page tells the truth about what was printed."""
        if self.output is None:
            return True
        return re.fullmatch(_pattern(self.output), f"{_plain(printed)}\n") is not None


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block that is run."""
    if block.file:
        yield Command(block.where, _heredoc(f"cat > {block.file}", block.body), None)
    elif block.language == "python":
        yield Command(block.where, _heredoc("python -", block.body), None)
    elif block.language == "sh":
        yield Command(block.where, f"set -e\n{block.body}set +e", None)
    else:
        for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
            text, _, output = part.partition("\n")
            while text.endswith("\\"):
                more, _, output = output.partition("\n")
                text = f"{text}\n{more.removeprefix('> ')}"
            yield Command(block.where, text, output or None)


def _heredoc(command: str, text: str) -> str:
    return f"{command} <<'END_OF_BLOCK'\n{text}END_OF_BLOCK"


def _pattern(expected: str) -> str:
    parts = []
    for line in _plain(expected).split("\n"):
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(re.escape(line).replace("…", ".*") + r"\n")
    return "".join(parts)


def _plain(text: str) -> str:
    """Leave out blanks at the ends of lines, and blank lines at the end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
