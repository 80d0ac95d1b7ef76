"""Nothing that data says can act in a report: not on a terminal, in a browser, on GitHub."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.reports import formats, html, markdown, notebook
from tests.reports import page, sample

ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "id", "open",
    "aria-hidden", "aria-label", "aria-labelledby", "role", "focusable", "scope",
    "width", "height", "viewbox", "x", "y", "cx", "cy", "r", "d", "preserveaspectratio",
}  # fmt: skip
"""All that the templates write; none of them runs anything, only href leads anywhere."""

WRITTEN = [name for name in formats.FILES if name != "json"]
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def render(name: str, text: str) -> str:
    return formats.renderer(name)[1](sample.poisoned(text), sample.poisoned_excerpts(text))


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
@pytest.mark.parametrize("name", WRITTEN)
def test_no_control_or_reordering_character_survives(name: str, text: str) -> None:
    report = render(name, text).replace("\ufe0f", "")
    unsafe = {c for c in report if unicodedata.category(c) in UNSAFE}
    assert unsafe <= {"\n"}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_huge_cell_does_not_make_a_huge_report(name: str) -> None:
    report = render(name, sample.LONG)
    assert len(report) < 150_000
    assert "x" * 1_100 not in report


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_html_holds_no_element_or_address_that_data_made(text: str) -> None:
    parsed = page.read(render("html", text))
    harmless = page.read(html.render(sample.manifest(), sample.excerpts()))
    assert {e.name for e in parsed.elements} <= {e.name for e in harmless.elements}
    for element in parsed.elements:
        assert element.attributes.keys() <= ATTRIBUTES
        addresses = {"href", "src", "srcset", "action", "data", "xlink:href", "background"}
        for name in addresses & element.attributes.keys():
            assert element.attributes[name].startswith("#") or element.attributes[name] == "data:,"


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_a_notebook_fragment_holds_no_element_that_data_made(text: str) -> None:
    parsed = page.read(notebook.render(sample.poisoned(text), sample.poisoned_excerpts(text)))
    ours = {"div", "p", "strong", "ul", "li", "table", "tr", "td", "th"}
    assert {e.name for e in parsed.elements} <= ours
    assert not any(element.attributes for element in parsed.elements)


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_markdown_keeps_its_shape_whatever_the_data_says(text: str) -> None:
    report = render("markdown", text)
    harmless = render("markdown", "harmless")
    assert [shape(line) for line in report.splitlines()] == [
        shape(line) for line in harmless.splitlines()
    ]


def shape(line: str) -> tuple[str, int]:
    """Return what kind of line it is, and how many cells a table row has."""
    start = re.match(r"\s*(#+ |- |\| |> |</?details>|$)", line)
    cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
    return (start[1] if start else "text", cells)


MARKS = "`*_[]<>|@#:/w.-+=1~$&!\\ gh"


@given(st.text(alphabet=MARKS + "ab", max_size=30))
def test_escaped_text_links_mentions_and_opens_nothing(text: str) -> None:
    shown = markdown.escape(text).replace("&#8203;", "\u200b")
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*\[\]|~$!]|[<>]", shown.replace("\\\\", ""))
    assert not re.search(r"@\w|#\d|://|www\.|&(?!lt;|gt;|amp;)", shown, re.IGNORECASE)
    assert not re.match(r"[-+=#]|\d+[.)]", shown)


@given(st.text(max_size=200))
def test_code_never_ends_early(text: str) -> None:
    shown = markdown.code(text)
    if shown.startswith("`"):
        assert re.fullmatch(r"`[^`|<>\n]+`", shown)
    else:
        assert "\n" not in shown


def test_row_text_is_in_no_machine_format() -> None:
    """SARIF, JUnit, JSON and text go to places where even masked rows do not belong."""
    for name in ("text", "sarif", "junit", "json"):
        report = formats.renderer(name)[1](sample.manifest(), sample.excerpts())
        assert report == formats.renderer(name)[1](sample.manifest())
        assert "charged twice" not in report
