"""The commands `preview` and `profiles`."""

import json
from pathlib import Path

from tests.cli.commands import Shell

RECORD = {
    "messages": [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "There."}]
}


def test_preview_prints_what_is_trained(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(json.dumps(RECORD) + "\n", "utf-8")
    ended = shell("preview", str(file))
    assert (ended.code, ended.err) == (0, "")
    assert "⟦There.⟧" in ended.out


def test_preview_writes_a_page(shell: Shell, tmp_path: Path) -> None:
    file, page = tmp_path / "train.jsonl", tmp_path / "out" / "preview.html"
    file.write_text(json.dumps(RECORD) + "\n", "utf-8")
    assert shell("preview", str(file), "--html", str(page)).code == 0
    assert '<span class="trained">There.</span>' in page.read_text("utf-8")


def test_profiles_lists_and_explains(shell: Shell) -> None:
    listed = shell("profiles")
    assert listed.code == 0
    assert "azure-openai" in listed.out
    page = shell("profiles", "mistral")
    assert "profile.mistral.tool-call-id (high)" in page.out
    assert "archived" in page.out


def test_a_profile_that_is_not_there_names_the_nearest(shell: Shell) -> None:
    ended = shell("profiles", "mistrall")
    assert ended.code == 2
    assert "mistral" in ended.err
    assert ended.err.count("\n") == 1


def test_a_file_that_is_no_profile_names_its_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("schema: ftaudit.profile/v1\nprofile: mine\ntitel: x\n", "utf-8")
    ended = shell("profiles", str(file))
    assert ended.code == 2
    assert "line 3" in ended.err
    assert "title" in ended.err
