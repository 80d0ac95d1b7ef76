"""The profile of audited data: exact counts, names digested, tied to its manifest."""

import json
from pathlib import Path

import pytest

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.wire.data_profile import digested, load_profile, profile_of
from ftaudit.wire.manifest import load
from tests.cli.commands import CLEAN, FAST, Shell
from tests.cli.conftest import shell as shell_fixture

shell = shell_fixture


def test_names_of_classes_are_digests_and_lengths_are_not() -> None:
    tallies = {"label": {"train": {"jo@example.com": 3}}, "input": {"train": {"05": 3}}}
    profile = profile_of(tallies)
    assert profile.counts("label", "train") == {digested("jo@example.com"): 3}
    assert profile.counts("input", "train") == {"05": 3}
    assert profile.counts("kind", "train") == {}
    keyed = profile_of(tallies, b"key")
    assert keyed.keyed
    assert keyed.counts("label", "train") != profile.counts("label", "train")


def test_scan_writes_a_profile_that_the_manifest_names(shell: Shell) -> None:
    shell("scan", CLEAN, *FAST, "--output", "out")
    path = shell.folder / "out" / "profile.json"
    manifest = load(shell.folder / "out" / "manifest.json")
    profile = load_profile(path, manifest)
    counts = profile.counts("label", "train")
    rows = sum(f.rows for f in manifest.predicate.inputs if f.role == "train")
    assert sum(counts.values()) == rows
    path.write_text(path.read_text().replace("1", "2", 1))
    with pytest.raises(IntegrityError, match=r"not the profile that the manifest names"):
        load_profile(path, manifest)
    path.unlink()
    with pytest.raises(InputError, match=r"the profile cannot be read"):
        load_profile(path, manifest)


def test_a_key_keeps_the_names_from_being_guessed(shell: Shell) -> None:
    Path("key").write_text("a long secret")
    shell("scan", CLEAN, *FAST, "--output", "plain")
    shell("scan", CLEAN, *FAST, "--output", "keyed", "--profile-key", "key")
    plain, keyed = (json.loads(Path(d, "profile.json").read_text()) for d in ("plain", "keyed"))
    assert keyed["keyed"]
    names = [set(p["tallies"]["label"]["train"]) for p in (plain, keyed)]
    assert not names[0] & names[1]
    assert shell("scan", CLEAN, *FAST, "--profile-key", "none").code == 2
