"""Whole scans of real data hold the reference values, as the acceptance script reads them."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from ftaudit.model.options import Options
from ftaudit.pipeline.scan import scan

pytestmark = pytest.mark.long

CHECKS = ("schema", "class-balance", "duplicates", "leakage", "label-conflicts")
DATA = {
    "banking77": ("banking77_train.csv", "banking77_test.csv", (10_003, 3_080)),
    "gsm8k": ("gsm8k_train.jsonl", "gsm8k_test.jsonl", (7_473, 1_319)),
}
RECOGNISED = {
    "banking77": "classification: input=text, label=category",
    "gsm8k": "completion: input=question, output=answer",
}

Check = Callable[[str, str], int]


@pytest.fixture(scope="module")
def accept() -> Check:
    """Return `main` of the acceptance script beside the repository."""
    path = Path(__file__).parents[2] / "shared" / "acceptance" / "check_manifest.py"
    if not path.is_file():
        pytest.skip("the acceptance script (shared/acceptance) is not on this machine")
    spec = spec_from_file_location("check_manifest", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    main: Check = module.main
    return main


@pytest.mark.parametrize("threshold", [0.8, 0.7])
@pytest.mark.parametrize("name", DATA)
def test_real_data_has_the_reference_values(  # noqa: PLR0913, PLR0917 - fixtures
    name: str,
    threshold: float,
    shared: Path,
    accept: Check,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    train, test, rows = DATA[name]
    options = Options(only=CHECKS, threshold=threshold)
    with scan(shared / train, holdout=shared / test, options=options) as audit:
        assert audit.recognised == RECOGNISED[name]
        assert tuple(i.rows for i in audit.manifest.predicate.inputs) == rows
        assert audit.exit_code == 1  # checks that are required were left out
        audit.write(tmp_path, [])
    off = accept(f"{name}-{threshold}", str(tmp_path / "manifest.json"))
    assert off == 0, capsys.readouterr().out


def test_a_whole_scan_of_real_data_completes_every_check(shared: Path, tmp_path: Path) -> None:
    train, test, _ = DATA["banking77"]
    with scan(shared / train, holdout=shared / test) as audit:
        ended = {check.id: check.status for check in audit.manifest.predicate.checks}
        skipped = {id_ for id_, status in ended.items() if status == "skipped"}
        assert skipped == {
            "agreement",
            "contamination",
            "group-leakage",
            "index-leakage",
            "profile",
            "slices",
            "tokens",
            "temporal-leakage",
        }
        assert "error" not in ended.values()
        assert audit.exit_code == 1
        assert audit.manifest.predicate.coverage.rows["train"].seen == 10_003
        others = ("profile.json", "report.html", "report.md")
        names = {path.name for path in audit.write(tmp_path / "out")}
        assert names == {"manifest.json", "findings.parquet", *others}
