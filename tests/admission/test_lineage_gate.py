"""Lineage at the gate: it leads from a source to what was audited, or the gate stays shut."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ftaudit.admission.plan import load_plan
from ftaudit.admission.request import Request, render, starter_plan
from ftaudit.admission.request import to_json as to_request
from ftaudit.admission.verify import examine
from ftaudit.wire import envelope
from ftaudit.wire.envelope import PrivateKey
from ftaudit.wire.lineage_statement import (
    AppliedRemedy,
    ChangeCount,
    LineageFile,
    LineagePredicate,
    LineageStatement,
    to_json,
)
from ftaudit.wire.manifest import Document, FileDigest, Subject, Tool, from_json
from ftaudit.wire.manifest import to_json as manifest_json
from tests import manifests
from tests.manifests import NOW

KEY = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
SOURCE = LineageFile(name="raw.csv", role="train", rows=9, sha256="a" * 64, content_root="b" * 64)


def step(inputs: list[LineageFile], outputs: list[LineageFile], held: int = 0) -> LineageStatement:
    predicate = LineagePredicate(
        tool=Tool(name="ftaudit", version="1", libraries={}),
        time_created="2026-01-01T00:00:00Z",
        inputs=inputs,
        outputs=outputs,
        recipe="",
        remedies=[AppliedRemedy(id="deduplicate", choices={})],
        policy=Document(name="standard", sha256="0" * 64),
        audit_evidence="0" * 64,
        decisions=None,
        changes=[
            ChangeCount(
                remedy="deduplicate", rule="duplicates.near", rows_removed=3, spans_replaced=0
            )
        ],
        changes_file=Document(name="changes.parquet", sha256="0" * 64),
        rows_held=held,
        findings_left=0,
    )
    subject = [Subject(name=f.name, digest=FileDigest(sha256=f.sha256)) for f in outputs]
    return LineageStatement(subject=subject, predicate=predicate)


@pytest.fixture
def audited(tmp_path: Path) -> tuple[Path, list[LineageFile]]:
    """Return the path of a manifest, and the files that it is of."""
    files = manifests.data(tmp_path / "data")
    made = manifests.of(files)
    path = tmp_path / "manifest.json"
    path.write_text(manifest_json(made))
    digests = {subject.name: subject.digest.sha256 for subject in made.subject}
    return path, [
        LineageFile(
            name=file.name,
            role=file.role,
            rows=file.rows,
            sha256=digests[file.name],
            content_root=file.content_root,
        )
        for file in made.predicate.inputs
    ]


def look(path: Path, *steps: LineageStatement, **options: Any) -> Any:  # noqa: ANN401 - of the gate
    files = []
    for number, statement in enumerate(steps):
        files.append(path.with_name(f"lineage-{number}.json"))
        files[-1].write_text(to_json(statement))
    data = [path.parent / "data" / "train.csv"]
    return examine(path, data, lineage=files, now=NOW, **options)


def test_the_gate_shows_the_chain_from_the_source_to_what_was_audited(
    audited: tuple[Path, list[LineageFile]],
) -> None:
    path, files = audited
    between = LineageFile(name="cut.csv", role="train", rows=8, sha256="c" * 64, content_root=None)
    admission = look(path, step([between], files, held=2), step([SOURCE], [between]))
    assert admission.exit_code == 0
    said = dict(admission.verified)
    assert said["source"] == "raw.csv (aaaaaaaaaaaa)"
    assert "deduplicate 3" in said["lineage"]
    assert any("2 rows were set aside" in note for note in admission.notes)
    assert any("no trusted key signed the lineage" in note for note in admission.notes)


def test_rows_written_in_another_format_are_the_same_rows(
    audited: tuple[Path, list[LineageFile]],
) -> None:
    path, files = audited
    outputs = [
        LineageFile(
            name=f.name, role=f.role, rows=f.rows, sha256="d" * 64, content_root=f.content_root
        )
        for f in files
    ]
    assert all(file.content_root for file in files)
    assert look(path, step([SOURCE], outputs)).exit_code == 0


def test_lineage_of_other_data_is_refused(audited: tuple[Path, list[LineageFile]]) -> None:
    path, files = audited
    other = look(path, step(files, [SOURCE]))
    assert other.exit_code == 4
    assert "does not lead to train.csv" in other.reasons[0]
    astray = look(
        path,
        step([SOURCE], files),
        step(files, [SOURCE]),
        step(
            files, [LineageFile(name="x", role="train", rows=1, sha256="e" * 64, content_root=None)]
        ),
    )
    assert astray.exit_code == 4
    assert "leads to no file that was audited" in astray.reasons[0]


def test_lineage_must_be_signed_where_the_manifest_must(
    audited: tuple[Path, list[LineageFile]],
) -> None:
    path, files = audited
    text = path.read_bytes()
    signed = path.with_name("manifest.dsse.json")
    signed.write_bytes(envelope.sign(text, KEY))
    unsigned = look(signed, step([SOURCE], files), trusted_keys=[KEY.public])
    assert unsigned.exit_code == 4
    assert "not signed, where a signature is required" in unsigned.reasons[0]
    lineage = path.with_name("lineage.dsse.json")
    lineage.write_bytes(envelope.sign(to_json(step([SOURCE], files)).encode(), KEY))
    data = [path.parent / "data" / "train.csv"]
    admission = examine(signed, data, lineage=[lineage], now=NOW, trusted_keys=[KEY.public])
    assert admission.exit_code == 0


def test_a_request_shows_how_the_data_was_made(audited: tuple[Path, list[LineageFile]]) -> None:
    path, files = audited
    plan = path.with_name("plan.yaml")
    plan.write_text(starter_plan())
    steps = (step([SOURCE], files, held=2),)
    made = Request(load_plan(plan), from_json(path.read_bytes()), lineage=steps)
    text = render(made, "markdown")
    assert "How the data was made" in text
    assert "duplicates.near: 3 rows removed" in text
    assert json.loads(to_request(made))["lineage"][0]["inputs"] == {"raw.csv": "a" * 64}
