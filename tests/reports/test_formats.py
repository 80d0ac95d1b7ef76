import pytest

from ftaudit.model.errors import UsageError
from ftaudit.reports import formats
from tests.reports import sample


@pytest.mark.parametrize("name", formats.FILES)
def test_every_format_renders_to_its_own_file(name: str) -> None:
    file, render = formats.renderer(name)
    assert file == formats.FILES[name]
    assert render(sample.manifest()).endswith("\n")
    assert render(sample.manifest()) == render(sample.manifest(), sample.excerpts()) or (
        name in ("html", "markdown")
    )


def test_an_unknown_format_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean markdown\?"):
        formats.renderer("markdwon")


def test_no_two_formats_share_a_file() -> None:
    assert len(set(formats.FILES.values())) == len(formats.FILES)
