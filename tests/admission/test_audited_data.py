"""The gate lets pass the data that was audited, and for as long as the audit holds."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import InputError
from tests import manifests
from tests.admission.signed_manifests import (
    blocked,
    look,
    policy,
    refused,
    written,
)
from tests.manifests import NOW

# --- data


def test_one_changed_cell_is_refused(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    files[0].write_text(files[0].read_text().replace("third", "thirD"))
    assert "train.csv is not the audited data" in refused(look(path, files[0]))


def test_a_file_that_was_not_audited_is_refused_in_a_folder_too(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files), tmp_path)
    (tmp_path / "data" / "extra.csv").write_text("text,label\nnew,a\n")
    assert "extra.csv is not the audited data" in refused(look(path, tmp_path / "data"))


def test_a_truncated_file_is_refused(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    files[0].write_bytes(b"")
    refused(look(path, files[0]))


def test_a_missing_file_is_a_usage_error(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    with pytest.raises(InputError, match="no such file"):
        look(path, tmp_path / "nowhere.csv")


def test_a_re_encoded_file_is_recognised_and_said(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    again = tmp_path / "again.parquet"
    frame = pl.read_csv(files[0], infer_schema=False).select("label", "text")
    frame.cast({"label": pl.Categorical()}).write_parquet(again, compression="gzip")
    admission = look(path, again)
    assert (admission.exit_code, admission.files[0].how) == (0, "content root")
    assert any("re-encoded" in note for note in admission.notes)


def test_a_table_in_memory_is_recognised_by_its_content(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    frame = pl.read_csv(files[0], infer_schema=False)
    assert look(path, frame).files[0].subject == "train.csv"
    assert look(path, frame.to_arrow()).passed
    refused(look(path, frame.reverse()))


def test_without_content_roots_only_the_bytes_count(files: list[Path], tmp_path: Path) -> None:
    change = {f"predicate.inputs.{i}.contentRoot": None for i in (0, 1)}
    path = written(manifests.edited(manifests.of(files), change), tmp_path)
    assert look(path, files[0]).passed
    files[0].write_bytes(files[0].read_bytes().replace(b"\n", b"\r\n"))
    refused(look(path, files[0]))


# --- age


def test_a_manifest_expires_by_its_own_date_or_the_age_of_the_policy(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files), tmp_path)
    assert "expired on 2026-01-31" in blocked(look(path, now=NOW + timedelta(days=30)))
    young = policy(tmp_path, "max_age: P3D")
    assert "expired on 2026-01-04" in blocked(look(path, policy=young))
    old = policy(tmp_path, "max_age: P90D")
    assert "expired on 2026-01-31" in blocked(look(path, policy=old, now=NOW + timedelta(days=30)))


def test_the_instant_of_expiry_is_already_too_late(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    last = NOW.replace(day=31) - timedelta(seconds=1)
    assert look(path, now=last).passed
    blocked(look(path, now=last + timedelta(seconds=1)))


def test_a_manifest_from_the_future_is_blocked(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    assert "in the future" in blocked(look(path, now=NOW - timedelta(days=30)))
