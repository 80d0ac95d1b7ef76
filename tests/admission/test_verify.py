"""The gate: what lets tuning proceed, and everything that does not."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import ftaudit
from ftaudit.admission import statements
from ftaudit.admission.admission import Admission
from ftaudit.admission.verify import examine, gate
from ftaudit.model.errors import GateBlocked, InputError, IntegrityError, UsageError
from ftaudit.wire import envelope as attestation
from ftaudit.wire.envelope import PrivateKey
from ftaudit.wire.manifest import Manifest, to_json
from tests import manifests
from tests.manifests import DUPLICATES, NOW

SIGNER, OWNER = (PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2))
LATER = "2027-01-01T00:00:00Z"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return list(manifests.data(tmp_path / "data"))


def written(made: Manifest | dict[str, Any], folder: Path, *, sign: bool = True) -> Path:
    """Write a manifest beside the data, signed unless told otherwise."""
    text = to_json(made) if isinstance(made, Manifest) else json.dumps(made, sort_keys=True)
    path = folder / ("manifest.dsse.json" if sign else "manifest.json")
    path.write_bytes(attestation.sign(text.encode(), SIGNER) if sign else text.encode())
    return path


def look(path: Path, *data: object, **given: Any) -> Admission:  # noqa: ANN401 - arguments of the gate
    """Examine a manifest; the data is the training file beside it unless a test gives other."""
    given = {"trusted_keys": [SIGNER.public, OWNER.public], "now": NOW} | given
    train = path.parent / "data" / "train.csv"
    return examine(path, list(data or [train]), **given)  # type: ignore[arg-type] # a test's own data


def policy(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(f"schema: ftaudit.policy/v1\nid: own\n{text}")
    return path


def waived(made: Manifest, folder: Path, key: PrivateKey = OWNER, **changes: object) -> Path:
    """Write a signed waiver of FTA-DUP-002 up to 0.3."""
    fields: dict[str, Any] = {
        "id": "w-1",
        "rule": "FTA-DUP-002",
        "ceiling": 0.3,
        "reason": "templates",
        "requested_by": "ml@example.com",
        "approved_by": "owner@example.com",
        "time_created": "2026-01-01T00:00:00Z",
        "expires": LATER,
    }
    grant = statements.WaiverGrant(**(fields | changes))
    statement = statements.WaiverStatement(subject=statements.data_subjects(made), predicate=grant)
    path = folder / "waiver.dsse.json"
    path.write_bytes(attestation.sign(statements.to_json(statement).encode(), key))
    return path


def approved(made: Manifest, folder: Path, key: PrivateKey = OWNER, **changes: object) -> Path:
    """Write a signed approval of the data owner."""
    fields: dict[str, Any] = {
        "id": "a-1",
        "role": "data-owner",
        "approved_by": "owner@example.com",
        "time_created": "2026-01-01T00:00:00Z",
        "expires": LATER,
    }
    statement = statements.approval(made, statements.ApprovalGrant(**(fields | changes)))
    path = folder / "approval.dsse.json"
    path.write_bytes(attestation.sign(statements.to_json(statement).encode(), key))
    return path


# --- what passes


def test_a_signed_manifest_of_the_data_at_hand_passes(files: list[Path], tmp_path: Path) -> None:
    admission = look(written(manifests.of(files), tmp_path), files[0], holdout=files[1])
    assert (admission.exit_code, admission.verdict, admission.reasons) == (0, "PASSED", ())
    assert admission.headline == "PASSED   tuning may proceed"
    assert admission.signed_by == SIGNER.public.keyid
    assert [m.how for m in admission.files] == ["sha256", "sha256"]
    assert dict(admission.verified).keys() >= {"signature", "manifest", "data", "age", "checks"}
    assert admission.notes == ()


def test_a_folder_is_compared_file_by_file(files: list[Path], tmp_path: Path) -> None:
    admission = look(written(manifests.of(files), tmp_path), tmp_path / "data")
    assert (admission.exit_code, len(admission.files), admission.notes) == (0, 2, ())


def test_the_training_hook_returns_what_was_verified(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    admission = ftaudit.gate(
        path, files[0], policy="standard", trusted_keys=[SIGNER.public], now=NOW
    )
    assert admission.passed
    assert json.loads(admission.to_json())["verdict"] == "PASSED"


def test_an_unsigned_manifest_passes_only_where_no_signature_is_asked_for(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files), tmp_path, sign=False)
    loose = look(path, files[0], trusted_keys=[])
    assert loose.exit_code == 0
    assert "not signed" in loose.notes[0]
    assert loose.headline.endswith("but anybody may have written this manifest")
    assert "not signed" in refused(look(path, files[0]))
    required = policy(tmp_path, "signature: {required: true}")
    assert "not signed" in refused(look(path, files[0], trusted_keys=[], policy=required))


def refused(admission: Admission) -> str:
    assert (admission.exit_code, admission.verdict) == (4, "REFUSED")
    return admission.reasons[0]


def blocked(admission: Admission) -> str:
    assert (admission.exit_code, admission.verdict) == (1, "BLOCKED")
    return "\n".join(admission.reasons)


# --- signature


def test_a_signature_nobody_verified_is_said(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    admission = look(path, files[0], trusted_keys=[])
    assert (admission.exit_code, admission.signed_by) == (0, "")
    assert "not verified" in admission.notes[0]
    required = policy(tmp_path, "signature: {required: true}")
    assert "no trusted key" in refused(look(path, trusted_keys=[], policy=required))


def test_only_keys_the_policy_names_may_sign(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    pinned = policy(tmp_path, f"signature: {{required: true, keys: [{SIGNER.public.keyid}]}}")
    assert look(path, files[0], policy=pinned).passed
    other = policy(tmp_path, f"signature: {{required: true, keys: [{OWNER.public.keyid}]}}")
    assert "the policy does not name" in refused(look(path, files[0], policy=other))


def test_an_untrusted_key_is_refused(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    assert "not trusted" in refused(look(path, trusted_keys=[OWNER.public]))


def test_any_changed_byte_of_the_file_is_refused(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    data, standard = path.read_bytes(), manifests.rulebook("standard").policy
    for i in [*range(0, len(data), 997), *range(len(data) - 250, len(data))]:
        path.write_bytes(data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :])
        refused(look(path, policy=standard))


def test_a_damaged_key_file_is_refused(files: list[Path], tmp_path: Path) -> None:
    key = tmp_path / "k.pub.json"
    key.write_text(SIGNER.public.to_json().replace("ed25519", "ed25518", 1))
    path = written(manifests.of(files), tmp_path)
    assert "damaged" in refused(look(path, trusted_keys=[key]))


# --- types and contradictions


def test_a_signed_statement_of_another_type_is_no_manifest(
    files: list[Path], tmp_path: Path
) -> None:
    waiver = waived(manifests.of(files), tmp_path)
    assert "another type or version" in refused(look(waiver))
    other = manifests.edited(
        manifests.of(files), {"predicateType": "https://ftaudit.dev/attestation/audit-manifest/v2"}
    )
    assert "another type or version" in refused(look(written(other, tmp_path)))


@pytest.mark.parametrize(
    "change",
    [
        {"predicate.gate.verdict": "BLOCKED"},
        {"predicate.gate.verdict": "passed"},
        {"predicate.coverage.rows.train.total": 3},
        {"predicate.unknown": 1},
        {"predicate.inputs.0.rows": "4"},
    ],
)
@pytest.mark.parametrize("sign", [True, False])
def test_an_edited_manifest_is_refused_even_if_signed(
    files: list[Path], tmp_path: Path, change: dict[str, Any], *, sign: bool
) -> None:
    path = written(manifests.edited(manifests.of(files), change), tmp_path, sign=sign)
    refused(look(path, files[0], trusted_keys=[SIGNER.public] if sign else []))


def test_a_verdict_that_its_own_policy_contradicts_is_refused(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    check = f"predicate.checks.{list(manifests.METRICS).index('duplicates')}.status"
    change = {
        "predicate.gate.breaches": [],
        "predicate.gate.verdict": "PASSED",
        check: "passed",
    }
    admission = look(written(manifests.edited(made, change), tmp_path), files[0])
    assert "FTA-DUP-002" in refused(admission)


def test_what_is_no_manifest_is_a_usage_error(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with pytest.raises(InputError, match="cannot be read"):
        look(path)
    path.write_text("not json")
    with pytest.raises(InputError, match="not JSON"):
        look(path, trusted_keys=[])
    path.write_text("{}", "utf-16")
    with pytest.raises(InputError, match="not JSON"):
        look(path, trusted_keys=[])
    path.write_text("[]")
    with pytest.raises(InputError, match="not an in-toto Statement"):
        look(path, trusted_keys=[])


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


# --- the current policy


def test_an_honest_old_manifest_blocks_under_a_stricter_policy(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files, metrics={"balance.imbalance_ratio": 8.0})
    path = written(made, tmp_path)
    assert look(path, files[0]).passed
    own = policy(tmp_path, "rules: {FTA-BAL-001: {max: 4, severity: block}}")
    assert "The largest class has 8 times the rows of the smallest; the limit is 4." in blocked(
        look(path, files[0], policy=own)
    )
    assert "PERSON" in blocked(look(path, files[0], policy="strict"))


def test_a_policy_that_requires_other_fields_or_licences_needs_another_scan(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files), tmp_path)
    own = policy(tmp_path, "provenance: {require: [dataset.id, geography]}")
    assert "was not held to geography" in blocked(look(path, policy=own))
    own = policy(tmp_path, "licenses: {allow: [MIT]}")
    assert "other lists" in blocked(look(path, policy=own))
    own = policy(tmp_path, "provenance: {require: [dataset.id]}")
    assert look(path, policy=own).passed


def test_what_provenance_was_held_to_is_read_from_the_configuration(
    files: list[Path], tmp_path: Path
) -> None:
    unknown: dict[str, Any] = {"policy": {"name": "own.yaml", "sha256": "0" * 64}}
    path = written(manifests.of(files, **unknown), tmp_path)
    assert "not recorded which fields" in blocked(look(path))
    held = {"policy": manifests.rulebook("standard").policy.sections()}
    path = written(manifests.of(files, **unknown, configuration=held), tmp_path)
    assert look(path).passed


def test_a_laxer_threshold_than_the_policy_means_needs_another_scan(
    files: list[Path], tmp_path: Path
) -> None:
    lax: dict[str, Any] = {"configuration": {"similarity": {"threshold": 0.95}}}
    path = written(manifests.of(files, **lax), tmp_path)
    assert "from similarity 0.95" in blocked(look(path))
    assert look(path, policy=policy(tmp_path, "threshold: 0.95")).passed


def test_other_parameters_than_the_policy_means_need_another_scan(
    files: list[Path], tmp_path: Path
) -> None:
    used = {"checks": {"pii": {"parameters": {"threshold": 1.0}}}}
    path = written(manifests.of(files, configuration=used), tmp_path)
    assert "threshold 1.0 where the policy means 0.4" in blocked(look(path))
    own = policy(tmp_path, "parameters: {pii: {threshold: 1.0}}")
    assert look(path, policy=own).passed
    found_more = {"checks": {"pii": {"parameters": {"ner": "spacy:model"}}}}
    assert look(written(manifests.of(files, configuration=found_more), tmp_path)).passed


def test_a_check_that_broke_ends_with_three(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, states={"duplicates": "error"}), tmp_path)
    admission = look(path, files[0])
    assert (admission.exit_code, admission.verdict) == (3, "BLOCKED")
    assert "duplicates was not completed" in admission.reasons[0]
    with pytest.raises(GateBlocked) as caught:
        gate(path, files[0], trusted_keys=[SIGNER.public], now=NOW)
    assert caught.value.code == 3


def test_a_required_check_that_was_skipped_or_sampled_blocks(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files, states={"pii": "skipped"}), tmp_path)
    assert "it was skipped" in blocked(look(path))
    coverage = {
        "rows": {"train": {"seen": 4, "total": 4}, "holdout": {"seen": 2, "total": 2}},
        "sampled": True,
        "entitiesSearched": manifests.ENTITIES,
    }
    path = written(manifests.of(files, coverage=coverage), tmp_path)
    assert "on a sample" in blocked(look(path))


def test_a_report_only_policy_never_blocks(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, metrics=DUPLICATES), tmp_path)
    admission = look(path, files[0], policy="report-only", now=NOW + timedelta(days=90))
    assert (admission.exit_code, admission.reasons) == (0, ())
    assert any("expired" in w for w in admission.warnings)
    assert any("FTA-DUP-002" in w for w in admission.warnings)


# --- waivers


def test_a_waiver_lets_its_breach_pass(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    path = written(made, tmp_path)
    assert "25% of training rows nearly repeat another; the limit is 5%." in blocked(look(path))
    admission = look(path, waivers=[waived(made, tmp_path)])
    assert (admission.exit_code, admission.waivers, admission.refused) == (0, ("w-1",), ())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expires": "2026-01-10T00:00:00Z"}, "expired on 2026-01-10"),
        ({"expires": "someday"}, "not a time"),
        ({"ceiling": 0.2}, "0.25, beyond its ceiling of 0.2"),
        ({"requested_by": "OWNER@example.com "}, "self-approved"),
        ({"rule": "FTA-SEC-001"}, "cannot be waived"),
    ],
)
def test_a_waiver_that_does_not_count_says_why(
    files: list[Path], tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    admission = look(written(made, tmp_path), waivers=[waived(made, tmp_path, **changes)])
    blocked(admission)
    (refusal,) = admission.refused
    assert says in refusal.reason


def test_a_waiver_for_other_data_does_not_count(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    path = written(made, tmp_path)
    for foreign in (manifests.of(files[:1]), manifests.of(files[1:])):
        admission = look(path, waivers=[waived(foreign, tmp_path)])
        blocked(admission)
        assert "other data" in admission.refused[0].reason


def test_a_waiver_follows_re_encoded_data_by_its_content(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    waiver = waived(made, tmp_path)
    files[0].write_bytes(files[0].read_bytes().replace(b"\n", b"\r\n"))
    again = manifests.of(files, metrics=DUPLICATES)
    assert again.subject != made.subject
    assert look(written(again, tmp_path), files[0], waivers=[waiver]).passed


def test_a_tampered_waiver_or_one_of_an_unknown_key_is_refused(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    path, waiver = written(made, tmp_path), waived(made, tmp_path)
    data, standard = waiver.read_bytes(), manifests.rulebook("standard").policy
    assert "not trusted" in refused(look(path, trusted_keys=[SIGNER.public], waivers=[waiver]))
    for i in range(0, len(data), 97):
        waiver.write_bytes(data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :])
        refused(look(path, waivers=[waiver], policy=standard))


def test_only_a_role_that_may_waive_the_rule_waives_it(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    path, waiver = written(made, tmp_path), waived(made, tmp_path)
    role = f"roles: {{data-owner: {{keys: [{OWNER.public.keyid}], may_waive: [%s]}}}}"
    allowed = policy(tmp_path, f"approvals: {{{role % 'FTA-DUP-*'}}}")
    assert look(path, waivers=[waiver], policy=allowed).passed
    other = policy(tmp_path, f"approvals: {{{role % 'FTA-PROV-*'}}}")
    admission = look(path, waivers=[waiver], policy=other)
    blocked(admission)
    assert "lets no role" in admission.refused[0].reason
    by_signer = look(path, waivers=[waived(made, tmp_path, SIGNER)], policy=allowed)
    assert "lets no role" in by_signer.refused[0].reason


def test_a_waiver_that_nothing_needs_is_said(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    admission = look(written(made, tmp_path), waivers=[waived(made, tmp_path)])
    assert any("not needed" in note for note in admission.notes)


def test_an_approval_is_no_waiver_and_the_reverse(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    path = written(made, tmp_path)
    waiver, approval = waived(made, tmp_path), approved(made, tmp_path)
    admission = look(path, waivers=[approval], approvals=[waiver])
    assert [r.reason for r in admission.refused] == [
        "it is an approval, not a waiver",
        "it is a waiver, not an approval",
    ]


# --- approvals


def required(folder: Path, key: PrivateKey = OWNER) -> Path:
    roles = f"{{data-owner: {{keys: [{key.public.keyid}]}}}}"
    return policy(folder, f"approvals: {{require: [data-owner], roles: {roles}}}")


def test_a_required_approval_opens_the_gate(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    path, own = written(made, tmp_path), required(tmp_path)
    assert "requires the approval of data-owner" in blocked(look(path, policy=own))
    admission = look(path, policy=own, approvals=[approved(made, tmp_path)])
    assert (admission.exit_code, admission.approvals) == (0, ("data-owner",))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expires": "2026-01-09T00:00:00Z"}, "expired"),
        ({"role": "janitor"}, "speak for the role janitor"),
    ],
)
def test_an_approval_that_does_not_count_says_why(
    files: list[Path], tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    made = manifests.of(files)
    approval = approved(made, tmp_path, **changes)
    admission = look(written(made, tmp_path), policy=required(tmp_path), approvals=[approval])
    blocked(admission)
    assert says in admission.refused[0].reason


def test_the_key_of_another_role_does_not_speak(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    approval = approved(made, tmp_path, SIGNER)
    admission = look(written(made, tmp_path), policy=required(tmp_path), approvals=[approval])
    blocked(admission)
    assert "does not let the key" in admission.refused[0].reason


def test_an_approval_holds_for_one_audit(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    other = manifests.of(files, metrics={"balance.imbalance_ratio": 2.0})
    path, own = written(other, tmp_path), required(tmp_path)
    admission = look(path, policy=own, approvals=[approved(made, tmp_path)])
    blocked(admission)
    assert "another audit" in admission.refused[0].reason


def test_an_approval_survives_the_same_audit_made_again(files: list[Path], tmp_path: Path) -> None:
    approval = approved(manifests.of(files), tmp_path)
    again = manifests.of(files, created="2026-01-05T00:00:00Z", expires="2026-02-04T00:00:00Z")
    path = written(again, tmp_path)
    assert look(path, policy=required(tmp_path), approvals=[approval]).passed


def test_roles_without_pinned_keys_are_left_to_the_trusted_ones_and_said(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files)
    own = policy(tmp_path, "approvals: {require: [data-owner]}")
    admission = look(written(made, tmp_path), policy=own, approvals=[approved(made, tmp_path)])
    assert admission.passed
    assert any("names no roles" in note for note in admission.notes)


# --- the hook


def test_the_hook_raises_what_the_gate_says(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, metrics=DUPLICATES), tmp_path)
    with pytest.raises(GateBlocked, match=r"25% of training rows nearly repeat another") as caught:
        gate(path, files[0], trusted_keys=[SIGNER.public], now=NOW)
    assert (caught.value.code, caught.value.exit_code) == (1, 1)
    assert caught.value.reasons
    with pytest.raises(IntegrityError, match="not trusted") as refusal:
        gate(path, files[0], trusted_keys=[OWNER.public], now=NOW)
    assert isinstance(refusal.value, GateBlocked)
    assert (refusal.value.code, refusal.value.exit_code) == (4, 4)


def test_hostile_names_are_shown_harmless(files: list[Path], tmp_path: Path) -> None:
    names = {"subject.0.name": "\x1b[31m", "predicate.inputs.0.name": "\x1b[31m"}
    value = manifests.edited(manifests.of(files), names)
    path = written(msgspec.convert(value, Manifest), tmp_path)
    admission = examine(path, [], holdout=files[1], trusted_keys=[SIGNER.public], now=NOW)
    assert "is missing" in refused(admission)
    assert "\x1b" not in admission.reasons[0]


# --- what whoever runs the gate pins


def test_a_policy_that_names_keys_wants_a_signature_by_one_of_them(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files)
    pinned = policy(tmp_path, f"signature: {{keys: [{OWNER.public.keyid}]}}")
    unsigned = written(made, tmp_path, sign=False)
    assert "not signed" in refused(look(unsigned, trusted_keys=[], policy=pinned))
    signed = written(made, tmp_path)
    assert "no trusted key" in refused(look(signed, trusted_keys=[], policy=pinned))
    assert "does not name" in refused(look(signed, policy=pinned))


@pytest.mark.parametrize(
    ("value", "refuses"), [("true", True), ("1", True), ("", False), ("0", False)]
)
def test_in_a_ci_job_a_signature_is_required_unless_told_otherwise(
    files: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    refuses: bool,
) -> None:
    monkeypatch.setenv("CI", value)
    path = written(manifests.of(files), tmp_path, sign=False)
    assert (look(path, trusted_keys=[]).exit_code == 4) is refuses
    assert look(path, trusted_keys=[], require_signature=False).passed
    assert look(path, trusted_keys=[], require_signature=True).exit_code == 4


def test_a_pinned_policy_is_the_only_one(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    own = policy(tmp_path, "max_age: P90D")
    sha256 = hashlib.sha256(own.read_bytes()).hexdigest()
    assert look(path, policy=own, policy_sha256=sha256.upper()).passed
    own.write_text(own.read_text() + "\nmode: report\n")
    assert "not the pinned one" in refused(look(path, policy=own, policy_sha256=sha256))
    assert "not the pinned one" in refused(look(path, policy_sha256=sha256))
    with pytest.raises(UsageError, match="64 hexadecimal"):
        look(path, policy=own, policy_sha256="abc")


# --- numbers and times no audit can have written


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("predicate.checks.5.metrics.duplicates", 10**400),
        ("predicate.inputs.0.rows", 2**53),
        ("predicate.inputs.0.bytes", -(10**30)),
        (
            "predicate.gate.breaches",
            [{"rule": "r", "check": "c", "message": "m", "value": 10**309}],
        ),
        ("predicate.configuration.similarity.threshold", 10**400),
        ("predicate.timeCreated", "9999-12-31T23:59:59-14:00"),
        ("predicate.expires", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_numbers_and_times_that_no_audit_writes_are_refused(
    files: list[Path], tmp_path: Path, change: str, value: object
) -> None:
    refused(look(written(manifests.edited(manifests.of(files), {change: value}), tmp_path)))


def test_the_last_instant_there_is_overflows_nothing(files: list[Path], tmp_path: Path) -> None:
    late = {
        "predicate.timeCreated": "9999-12-31T23:59:59Z",
        "predicate.expires": "9999-12-31T23:59:59Z",
    }
    path = written(manifests.edited(manifests.of(files), late), tmp_path)
    assert "in the future" in blocked(look(path))


def with_threshold(made: Manifest, folder: Path, number: str) -> Path:
    path = folder / "manifest.json"
    path.write_text(to_json(made).replace('"threshold": 0.8', f'"threshold": {number}'))
    return path


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 5_000])
def test_a_number_beyond_all_floats_is_refused(
    files: list[Path], tmp_path: Path, number: str
) -> None:
    path = with_threshold(manifests.of(files), tmp_path, number)
    refused(look(path, trusted_keys=[]))


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_as_a_number_is_no_json(
    files: list[Path], tmp_path: Path, word: str
) -> None:
    path = with_threshold(manifests.of(files), tmp_path, word)
    with pytest.raises(InputError, match="not JSON"):
        look(path, trusted_keys=[])
