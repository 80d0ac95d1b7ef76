"""Every command shown in README and docs runs, and prints what the page says it prints."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from ftaudit.cli.main import COMMANDS, main
from tests.docs.pages import ROOT, RUN, Block, blocks, commands, pages
from tests.docs.transcript import verify

PAGES = pages()
ELSEWHERE = {
    "CONTRIBUTING.md": "tests/docs/test_contributing.py",
    "approve-and-waive.md": "docs/tutorial.md",
    "content-root.md": "tests/readers/test_content_root.py",
    "gate-a-training-job.md": "tests/test_howto.py",
    "request-approval.md": "tests/test_howto.py",
    "sign-and-verify.md": "tests/test_howto.py",
}
"""Pages whose examples another test runs, or another page that is run."""


def runnable(page: Path) -> list[Block]:
    """Return the blocks of a page that are run here."""
    if page.name in ELSEWHERE:
        return []
    found = [b for b in blocks(page) if b.language in RUN or b.file]
    return [b for b in found if not b.excused]


@pytest.mark.long
@pytest.mark.parametrize(
    "page", [p for p in PAGES if runnable(p)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_the_commands_of_a_page_run_and_print_what_it_says(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    verify([command for block in runnable(page) for command in commands(block)], tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_block_with_commands_is_run_or_says_why_not(page: Path) -> None:
    for block in blocks(page):
        if re.search(r"^(\$ )?(ftaudit|make|pip) ", block.body, re.MULTILINE):
            assert block.language in {*RUN, "yaml"}, f"{block.where}: name its language"
        if "no-run" in block.note:
            assert block.excused, f"{block.where}: say why it is not run"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_and_option_that_a_page_shows_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\\\n>", " ").replace("\\\n", " ")
    fences = re.findall(r"^ *```[^\n]*\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    for shown in re.findall(r"(?:^|[\s`(])ftaudit ([a-z][^\n`|)]*)", "\n".join(fences)):
        words = shlex.split(shown, comments=True, posix=True)
        if words[0] not in COMMANDS:
            continue
        context = main.make_context("ftaudit", [], resilient_parsing=True)
        command = main.get_command(context, words[0])
        assert command is not None
        known = {
            o
            for group in _commands(command, context)
            for p in group.get_params(context)
            for o in (*p.opts, *p.secondary_opts)
        }
        for word in words[1:]:
            if word.startswith("--"):
                assert word.split("=")[0] in {*known, "--help"}, f"{page.name}: ftaudit {shown}"


def _commands(command: click.Command, context: click.Context) -> list[click.Command]:
    """Return a command and those below it."""
    if not isinstance(command, click.Group):
        return [command]
    return [command, *(command.commands[name] for name in command.list_commands(context))]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        aim = page.parent / path if path else page
        assert aim.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(aim), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize(("page", "test"), ELSEWHERE.items())
def test_what_runs_the_examples_of_another_page_knows_the_page(page: str, test: str) -> None:
    assert page.removesuffix(".md") in (ROOT / test).read_text(encoding="utf-8")


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s#]+\.md)", page.read_text(encoding="utf-8")):
            linked = (page.parent / target).resolve()
            if linked.exists() and linked not in reached:
                waiting.append(linked)
    assert set((ROOT / "docs").rglob("*.md")) <= reached
