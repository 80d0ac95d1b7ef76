from pathlib import Path

import pytest

from ftaudit.model.errors import InputError
from ftaudit.provenance.dataset_card import read_card

CARD = """\
---
license: cc-by-4.0
pretty_name: Support intents
task_categories: [text-classification]
annotations_creators: [crowdsourced]
source_datasets:
- extended|other-set
language: [en]
---
# Support intents
"""


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    return read_card(path)


def test_front_matter_becomes_a_record(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(CARD, encoding="utf-8")
    record = read_card(path)
    (source,) = record.sources
    assert (source.id, source.license, source.method) == ("other-set", "CC-BY-4.0", "crowdsourced")
    assert record.dataset is not None
    assert record.dataset.title == "Support intents"


@pytest.mark.parametrize(
    ("license_", "expected"),
    [
        ("openrail", "LicenseRef-openrail"),
        ("other", "LicenseRef-other"),
        ("unknown", "NOASSERTION"),
        ("[mit, cc-by-nc-4.0]", "MIT AND CC-BY-NC-4.0"),
        ("My own words!", "LicenseRef-My-own-words"),
        ("null", None),
    ],
)
def test_licences_become_spdx_or_a_licenseref(
    tmp_path: Path, license_: str, expected: str | None
) -> None:
    path = tmp_path / "README.md"
    path.write_text(CARD.replace("cc-by-4.0", license_), encoding="utf-8")
    assert read_card(path).sources[0].license == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# no front matter", "no front matter"),
        ("---\nlicense: mit\n", "not closed"),
        ("---\n- a\n---\n", "not a mapping"),
        ("---\nlicense: mit\nlicense: mit\n---\n", "line 3"),
    ],
)
def test_a_card_that_is_none_says_so(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, text)
