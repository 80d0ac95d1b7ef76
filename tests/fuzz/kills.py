"""Kill scans and fixes at random times; say of each what it left that it must not.

`python -m tests.fuzz.kills COUNT [SEED]`, which `make fuzz` calls, ends with 1 if any kill left
half an output, a process, or temporary files that the next run does not remove. Two sets of data
are scanned, or fixed, into one folder by turns: what stands there may be of either, never of both.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

SETS: Final = ("first", "second")
CHECKS: Final = ("schema", "duplicates", "class-balance")
PROGRAM: Final = """\
from ftaudit.engines.local import engine
from ftaudit.cli.main import main
engine.WORTH_A_PROCESS = 1
main()
"""
"""The command, with workers for little data too."""
SECONDS: Final = 10
"""Longest that a process may stay after its parent was killed."""


@dataclass(frozen=True)
class KilledScans:
    """Scans of two sets of data into one output folder, in a folder of their own."""

    folder: Path
    rows: int

    @property
    def output(self) -> Path:
        """The folder that all scans write into."""
        return self.folder / "out"

    def prepare(self) -> None:
        """Write the data, which has duplicates, so that there are findings in each set."""
        (self.folder / "tmp").mkdir()
        for name in SETS:
            rng = random.Random(name)  # noqa: S311 - no secret
            words = [f"{name}{number}" for number in range(5_000)]
            texts = [" ".join(rng.choices(words, k=20)) for _ in range(self.rows // 2)] * 2
            frame = pl.DataFrame({"text": texts, "label": ["a", "b"] * (self.rows // 2)})
            frame.write_parquet(self.folder / f"{name}.parquet", row_group_size=200)

    def start(self, name: str) -> "subprocess.Popen[bytes]":
        """Start a scan of one set, as a shell would, in a session of its own."""
        data = str(self.folder / f"{name}.parquet")
        return subprocess.Popen(  # noqa: S603 - our own command
            [
                *(sys.executable, "-c", PROGRAM, *self.words(data)),
                *("--policy=report-only", "--workers=2", f"--output={self.output}"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(self.folder / "tmp")},
        )

    def words(self, data: str) -> Sequence[str]:
        """Return the command and what is its own."""
        return ["scan", data, *(f"--only={check}" for check in CHECKS)]

    def kill(self, name: str, after: float, *, group: bool) -> list[str]:
        """Kill a scan of one set after some seconds, and return what is wrong then."""
        process = self.start(name)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
        return [*self._orphans(process.pid), *self._half()]

    def finish(self, name: str) -> list[str]:
        """Scan one set to the end, and return what is left of the killed scans."""
        code = self.start(name).wait()
        left = [path.name for path in (self.folder / "tmp").iterdir()]
        drafts = [p.name for p in (*self.folder.glob(".*"), *self.output.glob(".*"))]
        problems = [f"the scan after the kills ended with {code}"] if code else []
        problems += [f"still in the temporary folder: {', '.join(left)}"] if left else []
        return problems + ([f"drafts were left: {', '.join(drafts)}"] if drafts else [])

    def _orphans(self, session: int) -> Iterator[str]:
        until = time.monotonic() + SECONDS
        while left := _processes(session):
            if time.monotonic() > until:
                for number in left:
                    os.kill(number, signal.SIGKILL)
                yield f"{len(left)} processes stay"
                return
            time.sleep(0.05)

    def _half(self) -> Iterator[str]:
        """Yield what does not belong to the manifest that stands in the output folder."""
        if not (self.output / "manifest.json").exists():
            return
        manifest = json.loads((self.output / "manifest.json").read_bytes())
        (subject,) = manifest["subject"]
        frame = pl.read_parquet(self.output / "findings.parquet")
        files = frame["file"].unique().drop_nulls().to_list()
        if files != [subject["name"]]:
            yield f"the manifest is of {subject['name']}, the findings of {files}"
        for report in ("report.html", "report.md"):
            if subject["name"] not in (self.output / report).read_text():
                yield f"{report} is not of {subject['name']}"


@dataclass(frozen=True)
class KilledFixes(KilledScans):
    """The same, of `ftaudit fix`."""

    def words(self, data: str) -> Sequence[str]:
        """Return the command and what is its own."""
        return ["fix", data, "--remedy=deduplicate"]

    def _half(self) -> Iterator[str]:
        """Yield what the lineage in the output folder does not name as it is."""
        if not self.output.exists():
            return
        predicate = json.loads((self.output / "lineage.json").read_bytes())["predicate"]
        changes = pl.read_parquet(self.output / "changes.parquet")
        for written in predicate["outputs"]:
            data = self.output / written["name"]
            if sha256(data.read_bytes()).hexdigest() != written["sha256"]:
                yield f"{written['name']} is not what the lineage says"
            rows = pl.read_parquet(self.output / "set-aside" / written["name"]).height
            if changes["file"].unique().to_list() != [written["name"]] or rows != changes.height:
                yield f"the changes are not those of {written['name']}"


def _processes(session: int) -> list[int]:
    """Return the processes of a session that are alive."""
    alive = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                alive.append(int(entry.name))
    return alive


def failures(
    count: int,
    *,
    seed: int = 0,
    rows: int = 2_000,
    longest: float | None = None,
    runs: type[KilledScans] = KilledScans,
) -> Iterator[str]:
    """Kill `count` runs, and yield a line for everything that one left and must not.

    They are killed within `longest` seconds, or as many as a whole scan takes.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        scans = runs(Path(folder), rows)
        scans.prepare()
        if longest is None:
            yield from scans.finish(SETS[1])  # compiles kernels where none are, and takes longer
            start = time.monotonic()
            yield from scans.finish(SETS[0])
            longest = 1.1 * (time.monotonic() - start)
        for number in range(count):
            after, group = rng.uniform(0, longest), rng.random() < 0.5
            for problem in scans.kill(SETS[number % 2], after, group=group):
                yield f"{number}, {'group' if group else 'parent'} after {after:.2f} s: {problem}"
        yield from scans.finish(SETS[count % 2])


def main(arguments: Sequence[str]) -> int:
    """Kill as many scans as the first argument says; the second is the seed."""
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    wrong = 0
    for title, runs in (("scans", KilledScans), ("fixes", KilledFixes)):
        for line in failures(count, seed=seed, runs=runs):
            wrong += 1
            print(line, flush=True)  # noqa: T201 - a command
        print(f"{count} {title} killed: {wrong} left something")  # noqa: T201 - as above
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
