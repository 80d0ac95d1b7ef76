"""Read mutated files in a process of its own: `python -m tests.fuzz.reading FIRST COUNT`.

A line on stdout for every input that does not end as it must: read, or refused by an error of ours
that fits on one line and holds no text of the data. The number of the input in hand stands on
stderr, so that whoever started the process knows which one ended it.
"""

import sys
import tempfile
from pathlib import Path

from ftaudit.model.errors import FtauditError
from ftaudit.readers.content_root import content_root
from ftaudit.readers.inputs import open_inputs
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import seeds


def case(number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of one mutated file."""
    files = seeds()
    names = sorted(files)
    name, other = names[number % len(names)], names[(number * 7 + 3) % len(names)]
    return name, mutated(files[name], files[other], number)


def read(path: Path) -> str:
    """Read a file as a scan and the gate do; return what is wrong with how that ends."""
    try:
        inputs = open_inputs([path])
        for source in inputs.sources:
            content_root(source.batches())
        for frame in inputs.tables():
            frame.rows()
    except FtauditError as error:
        text = str(error)
        return "an error of several lines" if "\n" in text else ""
    except BaseException as error:  # noqa: BLE001 - a fuzz target wants to see everything
        return f"{type(error).__name__}: {error}"[:300].replace("\n", " ")
    return ""


def main(first: int, count: int) -> None:
    """Read `count` mutated files, beginning with number `first`."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            name, data = case(number)
            path = Path(folder, name)
            path.write_bytes(data)
            sys.stderr.write(f"{number}\n")
            sys.stderr.flush()
            if wrong := read(path):
                print(f"{number} {name}: {wrong}", flush=True)  # noqa: T201 - the protocol above


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
