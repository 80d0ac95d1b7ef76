import json
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from ftaudit.reports import console
from ftaudit.wire import manifest as wire
from tests.reports import sample


def shown(*, color: bool, width: int = 80) -> str:
    to = StringIO()
    system = "standard" if color else None
    console.show(
        sample.manifest(),
        Console(file=to, width=width, force_terminal=color, color_system=system),  # type: ignore[arg-type] # one of its literals
    )
    return to.getvalue()


def test_the_summary_of_a_fixed_manifest_does_not_change(
    golden: Callable[[str, str], None],
) -> None:
    golden("report.txt", console.render(sample.manifest()))


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = shown(color=False, width=width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_hostile_text_does_not_push_the_advice_aside(text: str) -> None:
    lines = console.render(sample.poisoned(text)).splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    assert len(lines) < 250


def test_color_is_only_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in shown(color=True)
    assert "\x1b[" not in shown(color=False)
    monkeypatch.setenv("NO_COLOR", "1")
    to = StringIO()
    console.show(sample.manifest(), Console(file=to, width=80, force_terminal=True))
    assert "\x1b[3" not in to.getvalue()


def test_an_ascii_terminal_gets_ascii() -> None:
    raw = BytesIO()
    with TextIOWrapper(raw, encoding="ascii") as to:
        console.show(sample.poisoned("naïve ✓ — 漢字"), Console(file=to, width=80))
        to.flush()
        said = raw.getvalue().decode("ascii")
    assert "BLOCKED" in said
    assert "x failed" in said


def test_every_status_and_every_reason_is_shown() -> None:
    said = shown(color=False)
    for word in ("passed", "warned", "failed", "skipped", "error", "FTA-CONF-001", "W-1"):
        assert word in said
    assert "Redact the findings" in said
    assert said.startswith("BLOCKED")


def test_markup_of_the_terminal_library_is_only_text() -> None:
    assert "[bold red]x[/]" in console.render(sample.poisoned("[bold red]x[/]"))


def test_the_name_of_a_check_is_not_broken_on_a_narrow_terminal() -> None:
    assert "label-conflicts" in shown(color=False, width=40)


def test_a_terminal_shows_masked_rows_and_a_file_does_not() -> None:
    to = StringIO()
    console.show(sample.manifest(), Console(file=to, width=100), sample.excerpts())
    assert "Mail a***@e***.com about `it` | now" in to.getvalue()
    assert "pricing: Why was I charged twice" in to.getvalue()
    assert "Mail a***" not in console.render(sample.manifest(), sample.excerpts())


def test_what_is_piped_has_no_blanks_at_the_ends_of_lines() -> None:
    to = StringIO()
    console.show(sample.manifest(), Console(file=to, width=100), sample.excerpts())
    assert [line for line in to.getvalue().splitlines() if line != line.rstrip()] == []


def with_checks(*checks: wire.CheckRecord) -> wire.Manifest:
    manifest = sample.manifest()
    predicate = msgspec.structs.replace(manifest.predicate, checks=list(checks))
    return msgspec.structs.replace(manifest, predicate=predicate)


def test_a_check_that_failed_shows_three_examples_and_a_pair_once() -> None:
    check = sample.manifest().predicate.checks[3]
    pair = check.examples[0]
    assert pair.related is not None
    twin = msgspec.structs.replace(pair, rule="other", where=pair.related, related=pair.where)
    others = [msgspec.structs.replace(pair, where=sample.train(n)) for n in range(50, 60)]
    changed = msgspec.structs.replace(check, examples=[pair, twin, *others])
    text = console.render(with_checks(changed))
    assert text.count("tickets_train.csv:32") == 3
    assert text.count("tickets_train.csv:19") == 1


def test_checks_that_wait_for_an_option_share_a_line_that_names_the_options() -> None:
    def waiting(id_: str, reason: str) -> wire.CheckRecord:
        return wire.CheckRecord(id=id_, version=1, status="skipped", reason=reason)

    two = (
        waiting("a-check", "no column was named (--slice-column)"),
        waiting("b-check", "nothing was named (--tokenizer, --max-tokens)"),
    )
    other = waiting("c-check", "there are no labels (at all)")
    text = " ".join(console.render(with_checks(*two, other)).split())
    assert (
        "- skipped 2 checks run with an option of their own: "
        "a-check (--slice-column), b-check (--tokenizer, --max-tokens)" in text
    )
    assert "- skipped c-check there are no labels (at all)" in text
    alone = " ".join(console.render(with_checks(two[0])).split())
    assert "- skipped a-check no column was named (--slice-column)" in alone


def test_checks_skipped_for_one_reason_share_a_line() -> None:
    reason = "left out with --only or --skip"
    skipped = [
        wire.CheckRecord(id=id_, version=1, status="skipped", reason=reason)
        for id_ in ("a-check", "b-check", "c-check")
    ]
    text = " ".join(console.render(with_checks(*skipped)).split())
    assert f"- skipped 3 checks {reason}: a-check, b-check, c-check" in text


def test_brackets_in_the_name_of_a_file_mean_nothing_to_the_terminal() -> None:
    names = {
        sample.TRAIN: "train[/b].csv",
        sample.HOLDOUT: "[link=http:a.example]test[/link].csv",
    }
    text = wire.to_json(sample.manifest())
    for name, odd in names.items():
        text = text.replace(json.dumps(name), json.dumps(odd))
    seen = console.render(wire.from_json(text.encode()))
    assert all(name in seen for name in names.values())
