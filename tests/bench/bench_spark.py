"""Processor time, memory and shuffled bytes of the Spark engine, beside the local engine.

    python -m tests.bench.bench_spark [ROWS ...]
    BENCH_CHECKS=searches python -m tests.bench.bench_spark 250000 1000000

Made-up chat rows (`corpus`) in eight parquet files; `--method minhash`; each scan a process of its
own on two slots, the same data on both engines, whose evidence must be equal. Costs per row are
slopes between the first size and the last, printed at the end: what starting a JVM and Python
workers costs is the same for both. The processor time is that of all processes, user and system,
read before the session ends. `BENCH_CHECKS` names `usual` (all checks but the searches for personal
data, secrets and markings), `searches` (those too), or both.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tests.bench.process_tree import processes

FILES = 8
SEARCHES = ("pii", "secrets", "markings")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


CHECKS = os.environ.get("BENCH_CHECKS", "usual searches").split()
"""All checks but those of `SEARCHES`, and all."""


def main(sizes: list[int]) -> None:
    """Print a line of JSON for every scan, and one for every slope."""
    scans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            write(data, rows)
            for checks in CHECKS:
                for engine in ("local", "spark"):
                    words = [sys.executable, "-m", "tests.bench.bench_spark"]
                    command = [*words, "--one", engine, checks, str(data)]
                    start = time.perf_counter()
                    printed = output_of(command)
                    taken = {"rows": rows, "seconds": round(time.perf_counter() - start, 1)}
                    taken |= json.loads(printed)
                    print(json.dumps(taken), flush=True)
                    scans.setdefault((checks, engine), []).append(taken)
                evidence = {scans[checks, engine][-1]["evidence"] for engine in ("local", "spark")}
                assert len(evidence) == 1, evidence
    for (checks, engine), several in scans.items():
        if len(several) > 1:
            print(json.dumps({"checks": checks, "engine": engine} | slope(several[0], several[-1])))


def output_of(command: list[str]) -> bytes:
    """Return what a scan prints; show the end of what it says where it fails."""
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - this very script
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        sys.exit("\n".join([*lines[-60:], f"{command[-3:]} ended with {done.returncode}"]))
    return done.stdout


def slope(few: dict[str, Any], many: dict[str, Any]) -> dict[str, float]:
    """Return what a row costs beyond those of the smaller scan."""
    rows = many["rows"] - few["rows"]
    seconds = sum(many["cpu"].values()) - sum(few["cpu"].values())
    driver = many["peak_mib"]["driver"] - few["peak_mib"]["driver"]
    return {
        "core_us_per_row": round(seconds / rows * 1e6, 1),
        "driver_core_us_per_row": round(
            (many["cpu"]["driver"] - few["cpu"]["driver"]) / rows * 1e6, 1
        ),
        "driver_bytes_per_row": round(driver * (1 << 20) / rows, 1),
        "shuffled_per_row": round((many["shuffled"] - few["shuffled"]) / rows, 1),
    }


def write(folder: Path, rows: int) -> None:
    """Write the rows to several files."""
    folder.mkdir()
    whole = folder.parent / "whole.parquet"
    words = ["--rows", str(rows), "--kind", "chat"]
    subprocess.run([sys.executable, "-m", "tests.bench.corpus", str(whole), *words], check=True)  # noqa: S603 - ours
    table = pl.read_parquet(whole)
    step = -(-rows // FILES)
    for number in range(FILES):
        part = table[number * step : (number + 1) * step]
        part.write_parquet(folder / f"part-{number}.parquet", row_group_size=20_000)


def one(engine: str, checks: str, data: str) -> dict[str, object]:
    """Scan once; return what it took."""
    import ftaudit
    from ftaudit.engines.spark.spark_session import cluster_of
    from ftaudit.model.options import Options
    from ftaudit.wire.manifest import evidence_digest

    skip = () if checks == "searches" else SEARCHES
    options = Options(engine=engine, method="minhash", skip=skip, excerpts=False, workers=2)  # type: ignore[arg-type] # one of two
    with tempfile.TemporaryDirectory() as folder:
        if engine == "local":
            with ftaudit.scan([data], options=options, now=NOW) as audit:
                return _taken(engine, checks, evidence_digest(audit.manifest), 0)
        with (
            cluster_of("local[2,4]", Path(folder)) as cluster,
            ftaudit.scan([data], options=options, now=NOW) as audit,
        ):
            moved = _shuffled(cluster.session)
            return _taken(engine, checks, evidence_digest(audit.manifest), moved)


def _taken(engine: str, checks: str, evidence: str, shuffled: int) -> dict[str, object]:
    seconds: dict[str, float] = {}
    peaks: dict[str, int] = {}
    for process in processes(os.getpid()):
        try:
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
            stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2]
        except OSError:  # it ended just now: its parent has its time
            continue
        kind = "jvm" if "java" in status[0] else "worker"
        kind = "driver" if process == os.getpid() else kind
        memory = (int(line.split()[1]) for line in status if "VmHWM" in line)
        peaks[kind] = max(peaks.get(kind, 0), next(memory, 0) >> 10)  # one that ended has none
        fields = stat.split()
        own, ended = fields[11:13], fields[13:15]  # of children that have ended
        for of, ticks in ((kind, own), ("worker" if kind == "jvm" else kind, ended)):
            seconds[of] = seconds.get(of, 0.0) + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return {
        "engine": engine,
        "checks": checks,
        "evidence": evidence[:16],
        "cpu": {kind: round(value, 1) for kind, value in seconds.items()},
        "peak_mib": peaks,
        "shuffled": shuffled,
    }


def _shuffled(session: Any) -> int:  # noqa: ANN401 - pyspark's
    """Return the bytes that stages wrote for others to read; -1 where Spark does not say."""
    context = session.sparkContext
    gateway, store = context._gateway, context._jsc.sc().statusStore()  # noqa: SLF001 - no other way
    none, quantiles = gateway.jvm.java.util.ArrayList(), gateway.new_array(gateway.jvm.double, 0)
    try:
        stages = store.stageList(none, False, False, quantiles, none)  # noqa: FBT003 - Java's
        return sum(stages.apply(at).shuffleWriteBytes() for at in range(stages.size()))
    except Exception:  # noqa: BLE001 - an interface of Spark's own
        return -1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*sys.argv[2:5])))
    else:
        main([int(word) for word in sys.argv[1:]] or [100_000, 1_000_000])
