"""Spark needs no Java of the system: the one that comes as a package is found."""

import os
import subprocess
from pathlib import Path

import pytest

from ftaudit.engines.spark.java import provide_java


def test_without_a_java_the_package_s_own_starts_as_spark_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", "")
    provide_java(tmp_path)
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    assert java.is_relative_to(tmp_path)
    monkeypatch.undo()
    words = [str(java), "-XX:TieredStopAtLevel=1", "--add-modules=jdk.incubator.vector", "-version"]
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - our own launcher
