"""Waivers: which let a breach pass, and which do not count."""

from pathlib import Path
from typing import Any

import pytest

from tests import manifests
from tests.admission.signed_manifests import (
    OWNER,
    SIGNER,
    approved,
    blocked,
    look,
    policy,
    refused,
    waived,
    written,
)
from tests.manifests import DUPLICATES


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
