"""The result of a scan, and how it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import polars as pl

from ftaudit.model.dataset import Dataset
from ftaudit.model.errors import UsageError, suggestion
from ftaudit.model.run_folder import RunFolder
from ftaudit.pipeline.finding_rows import FindingsFrame, beside_rows
from ftaudit.pipeline.output import publish
from ftaudit.policy.decision import Verdict
from ftaudit.reports import console, formats
from ftaudit.reports.excerpt import Excerpts
from ftaudit.reports.training_examples import TrainingExample
from ftaudit.wire.data_profile import PROFILE_FILE, DataProfile
from ftaudit.wire.data_profile import to_json as profile_to_json
from ftaudit.wire.manifest import CheckRecord, Manifest, to_json

FINDINGS_FILE: Final = "findings.parquet"


class Audit:
    """The result of a scan. Its findings live in a temporary folder until it is closed."""

    def __init__(  # noqa: PLR0913, PLR0917 - the audit is the sum of these parts
        self,
        manifest: Manifest,
        verdict: Verdict,
        recognised: str,
        excerpts: Excerpts,
        folder: RunFolder,
        profile: DataProfile,
        dataset: Dataset | None = None,
        training_examples: Sequence[TrainingExample] = (),
    ) -> None:
        """Hold what a scan made; `folder` is removed when the audit is closed or forgotten."""
        self.manifest = manifest
        self.verdict = verdict
        self.recognised = recognised
        self.excerpts = excerpts
        self.training_examples = training_examples
        self.profile = profile
        self._folder = folder
        self._dataset = dataset
        self._closed = False

    def __getitem__(self, check: str) -> CheckRecord:
        """Return how one check ended: `audit["leakage"].metrics`.

        Raises:
            UsageError: the audit has no such check; names the nearest.
        """
        records = {record.id: record for record in self.manifest.predicate.checks}
        if check not in records:
            raise UsageError(f"the audit has no check {check}{suggestion(check, records)}")
        return records[check]

    @property
    def passed(self) -> bool:
        """Whether tuning may proceed."""
        return self.verdict.passed

    @property
    def exit_code(self) -> int:
        """0 may proceed, 1 the gate blocks, 3 a check could not be completed."""
        return self.verdict.exit_code

    @property
    def findings(self) -> FindingsFrame:
        """Every finding, with the columns of `finding.FINDINGS`.

        A polars frame whose `with_rows()` sets it beside your own rows.

        Raises:
            UsageError: the audit is closed.
        """
        return FindingsFrame(pl.read_parquet(self._findings), self.with_rows)

    def with_rows(self, findings: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return findings beside your own columns of the rows they name.

        Args:
            findings: rows of `findings`, whatever polars made of them; by default all.

        Your columns stand as the data has them, not masked; one that is called like a column of
        the findings gets the ending `_of_row`.

        Raises:
            UsageError: the audit is closed, or its data could not be read as rows.
        """
        self._require_open()
        chosen = self.findings if findings is None else findings
        if self._dataset is None:
            raise UsageError("the data of this audit could not be read as rows")
        return beside_rows(chosen, self._dataset)

    @property
    def _findings(self) -> Path:
        self._require_open()
        return self._folder.path / FINDINGS_FILE

    def _require_open(self) -> None:
        if self._closed:
            raise UsageError(
                "the audit is closed, and its findings with it: read them within its `with`, or "
                "write them first (audit.write(folder))"
            )

    def write(
        self,
        folder: str | Path,
        reports: Sequence[str] = ("html", "markdown"),
        *,
        sign_with: str | Path | None = None,
    ) -> list[Path]:
        """Write manifest, findings and reports into `folder`, the manifest last.

        Args:
            folder: the output folder; it appears whole, or is replaced file by file.
            reports: any of the formats of `ftaudit.reports.formats`.
            sign_with: a private key; adds the signed manifest, `manifest.dsse.json`.

        Raises:
            InputError: the folder or the key cannot be used.
            UsageError: there is no such format.
        """
        files: dict[str, str | bytes | Path] = {
            "manifest.json": to_json(self.manifest),
            FINDINGS_FILE: self._findings,
        }
        if self.profile.tallies:
            files[PROFILE_FILE] = profile_to_json(self.profile)
        for name in reports:
            file, _ = formats.renderer(name)
            files.setdefault(file, self._report(name))
        if sign_with is not None:
            from ftaudit.wire import envelope

            key = envelope.load_private_key(sign_with)
            files["manifest.dsse.json"] = envelope.sign(to_json(self.manifest).encode(), key)
        return publish(Path(folder), files, stale=set(formats.FILES.values()) - files.keys())

    def _report(self, name: str) -> str:
        """Render one format; the page shows every finding, the others examples."""
        if name == "html":
            from ftaudit.reports import html

            return html.render(self.manifest, self.excerpts, self.findings, self.training_examples)
        _, render = formats.renderer(name)
        return render(self.manifest, self.excerpts)

    def close(self) -> None:
        """Remove the temporary files; `findings` can no longer be read."""
        self._closed = True
        self._dataset = None
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Return the audit itself, to be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """Return the verdict and the checks as a plain table."""
        return console.plain(self.manifest)

    def _repr_html_(self) -> str:
        from ftaudit.reports import notebook

        return notebook.render(self.manifest, self.excerpts)
