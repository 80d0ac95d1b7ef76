import os
from pathlib import Path

import pytest

from ftaudit.model import cores


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a control group on a machine of eight cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "CONTROL_GROUP", tmp_path)
    (tmp_path / "cpu").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("0 100000\n", 1),
        ("6400000 100000\n", 8),
        ("100000 0\n", 8),
        ("", 8),
        ("a b c\n", 8),
    ],
)
def test_a_container_uses_its_quota(group: Path, text: str, usable: int) -> None:
    (group / "cpu.max").write_text(text)
    assert cores.cores() == usable


@pytest.mark.parametrize(("quota", "usable"), [("-1", 8), ("300000", 3), ("10000", 1)])
def test_so_it_does_with_the_first_version_of_control_groups(
    group: Path, quota: str, usable: int
) -> None:
    (group / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (group / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert cores.cores() == usable


@pytest.mark.usefixtures("group")
def test_without_control_groups_the_affinity_decides() -> None:
    assert cores.cores() == 8


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("0.00 0.01 0.05 1/234 5678\n", True),
        ("0.00 0.01 0.05 7/234 5678\n", True),
        ("0.00 0.01 0.05 8/234 5678\n", False),
        ("9.00 0.01 0.05 12/234 5678\n", False),
        ("0.00 0.01 0.05 0/0 5678\n", True),
        ("0.00 0.01 0.05\n", True),
        ("a b c d\n", True),
        (None, True),
    ],
)
def test_a_core_is_idle_unless_as_many_threads_run_as_there_are(
    text: str | None, idle: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(cores, "LOAD", tmp_path / "loadavg")
    if text is not None:
        (tmp_path / "loadavg").write_text(text)
    assert cores.has_idle_core() is idle
