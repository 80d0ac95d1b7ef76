"""`ftaudit approve`."""

from pathlib import Path

import pytest

from ftaudit.admission import statements
from ftaudit.cli.main import run
from ftaudit.wire import envelope as attestation
from tests.cli import walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return walk.folder(tmp_path)


def read(folder: Path) -> statements.Statement:
    key = attestation.load_public_key(folder / "owner.pub.json")
    return statements.load(folder / "approval.dsse.json", [key]).statement


def test_an_approval_is_about_the_audit_and_its_data(folder: Path) -> None:
    assert run(walk.approve(folder, reference="TICKET-1")) == 0
    statement = read(folder)
    assert [s.name for s in statement.subject] == ["audit", "train.csv", "test.csv"]
    assert statement.predicate.expires == "2999-12-31T23:59:59Z"
    assert statement.predicate.reference == "TICKET-1"


def test_an_approval_may_be_about_the_data_alone(folder: Path) -> None:
    assert run(walk.approve(folder, scope="data")) == 0
    assert [s.name for s in read(folder).subject] == ["train.csv", "test.csv"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"requested-by": "Owner@example.com"}, "self-approved"),
        ({"expires": "31.12.2030"}, "neither a day"),
        ({"by": ""}, "approver says nothing"),
        ({"scope": "all"}, "scope"),
    ],
)
def test_an_approval_that_cannot_be_meant_is_not_written(
    folder: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], says: str
) -> None:
    capsys.readouterr()
    assert run(walk.approve(folder, **changes)) == 2
    assert says in capsys.readouterr().err
    assert not (folder / "approval.dsse.json").exists()


def test_an_expired_approval_is_written_with_a_note(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(walk.approve(folder, expires="2020-01-01T00:00:00Z")) == 0
    assert "expired already" in capsys.readouterr().err


def test_the_name_of_the_file_holds_the_role_alone(folder: Path) -> None:
    arguments = [a for a in walk.approve(folder, role="../x y") if not a.startswith("--output")]
    assert run(arguments) == 0
    assert (folder / "approval----x-y.dsse.json").exists()
