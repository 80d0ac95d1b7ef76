"""A complete provenance record, as a person would write it."""

from pathlib import Path

import yaml

SHA = "0" * 64

COMPLETE = f"""\
schema: ftaudit.provenance/v1
dataset:
  {{id: urn:example:intents, version: 3.1.0, title: Intents, issuer: Example Ltd,
   issued: 2026-03-01}}
files:
  - {{path: train.csv, split: train, sha256: "{SHA}"}}
intended_use: {{task: text-classification, stage: fine-tuning, allowed: [internal], prohibited: []}}
confidentiality: internal
personal_data: {{present: true, categories: [contact], lawful_basis: contract, dpia: DPIA-1}}
geography: {{origin: [DE], processing_allow: [EU], storage_allow: [EU]}}
retention: {{expires: 2028-11-01, policy: RET-7}}
sources:
  - id: web
    kind: public-dataset
    uri: https://data.example.com/intents
    collector: {{name: Data team, contact: data@example.com}}
    collected: {{start: 2025-01-01, end: 2025-06-30}}
    method: export
    license: CC-BY-4.0
    rights_basis: licence
    evidence: [contracts/1.pdf]
  - id: model
    kind: synthetic
    uri: https://data.example.com/made
    collector: {{name: Data team}}
    collected: {{start: 2025-02-01, end: 2025-02-02}}
    method: generation
    license: MIT OR Apache-2.0
    rights_basis: owned
    synthetic: {{generator: small-model@1, terms: https://example.com/terms}}
lineage:
  - {{id: t1, activity: dedup, tool: ftaudit, inputs: [], outputs: [], ended: 2026-02-01T10:00:00Z}}
approvals:
  - {{role: data-owner, by: owner@example.com, at: 2026-03-02, ref: GOV-1, expires: 2027-01-01}}
"""


def written(folder: Path, text: str = COMPLETE, **changes: object) -> str:
    """Write a record with some of its top-level keys replaced; return its path."""
    value = yaml.safe_load(text) | changes
    path = folder / "provenance.yaml"
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return str(path)
