"""The data whose manifests the gate is shown."""

from pathlib import Path

import pytest

from tests import manifests


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return list(manifests.data(tmp_path / "data"))
