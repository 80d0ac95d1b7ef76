import json
import warnings
from pathlib import Path

import pytest

from ftaudit.model.errors import InputError
from ftaudit.provenance.croissant import parse_croissant, read_croissant, write_croissant
from ftaudit.provenance.provenance_record import ProvenanceRecord, load_record
from tests.provenance.documents import SHA, written


def test_a_record_survives_the_round_trip(tmp_path: Path) -> None:
    record = load_record(written(tmp_path))
    path = tmp_path / "croissant.json"
    path.write_text(write_croissant(record), encoding="utf-8")
    assert read_croissant(path) == record


def test_an_empty_record_survives_the_round_trip() -> None:
    record = ProvenanceRecord(schema_="ftaudit.provenance/v1")
    found = parse_croissant(write_croissant(record), "x.json")
    assert found.sources == ()
    assert found.dataset is None or found.dataset.title is None


def test_mlcroissant_accepts_what_is_written(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlcroissant

        text = write_croissant(load_record(written(tmp_path)))
        dataset = mlcroissant.Dataset(json.loads(text))
        metadata = dataset.metadata
    assert not metadata.ctx.issues.errors
    assert metadata.name == "Intents"
    assert metadata.license == ["CC-BY-4.0", "MIT OR Apache-2.0"]
    assert metadata.data_collection_type == ["export", "generation"]
    assert metadata.personal_sensitive_information == ["contact"]
    assert [f.sha256 for f in metadata.distribution] == [SHA]


def test_what_another_tool_corrected_wins_over_our_copy(tmp_path: Path) -> None:
    found = json.loads(write_croissant(load_record(written(tmp_path))))
    found["version"] = "4.0.0"
    found["prov:wasDerivedFrom"][0]["license"] = "CC-BY-SA-4.0"
    found["distribution"][0]["sha256"] = "1" * 64
    record = parse_croissant(json.dumps(found), "x.json")
    assert record.dataset is not None
    assert record.dataset.version == "4.0.0"
    assert [s.license for s in record.sources] == ["CC-BY-SA-4.0", "MIT OR Apache-2.0"]
    assert record.files[0].sha256 == "1" * 64
    assert record.sources[0].rights_basis == "licence"


FOREIGN = {
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "name": "Reviews",
    "url": "https://data.example.com/reviews",
    "license": "https://creativecommons.org/licenses/by-sa/4.0/",
    "sc:version": 2,
    "creator": [{"@type": "sc:Person", "name": "A Person"}],
    "datePublished": "2025-05-01T00:00:00",
    "rai:dataCollectionTimeframe": ["2024-02-01", "2024-01-01"],
    "rai:dataCollectionType": ["Crawl"],
    "http://mlcommons.org/croissant/RAI/personalSensitiveInformation": ["names"],
    "distribution": [
        {"@type": "cr:FileObject", "contentUrl": "a.csv", "sha256": "A" * 64},
        {"@type": "cr:FileSet", "includes": "*.csv"},
    ],
}


def test_a_file_of_another_tool_becomes_one_source() -> None:
    record = parse_croissant(json.dumps(FOREIGN), "x.json")
    (source,) = record.sources
    assert source.license == "CC-BY-SA-4.0"
    assert source.uri == "https://data.example.com/reviews"
    assert source.collected is not None
    assert str(source.collected.start) == "2024-01-01"
    assert record.dataset is not None
    assert (record.dataset.version, record.dataset.issuer) == ("2", "A Person")
    assert record.personal_data is not None
    assert record.personal_data.categories == ("names",)
    assert [(f.path, f.sha256) for f in record.files] == [("a.csv", "a" * 64)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("https://choosealicense.com/licenses/mit/", "MIT"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        (
            "https://www.apache.org/licenses/LICENSE-2.0",
            "https://www.apache.org/licenses/LICENSE-2.0",
        ),
        ("mit", "MIT"),
        (["MIT", "https://creativecommons.org/licenses/by/4.0/"], "MIT AND CC-BY-4.0"),
    ],
)
def test_licence_urls_become_spdx_where_they_can(url: object, expected: str) -> None:
    record = parse_croissant(json.dumps(FOREIGN | {"license": url}), "x.json")
    assert record.sources[0].license == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1"),
        ("[]", "not a Croissant dataset"),
        ('{"name": "x"}', "not a Croissant dataset"),
        (json.dumps(FOREIGN | {"datePublished": "soon"}), "dataset.issued"),
        ("[" * 100_000, "nested"),
    ],
)
def test_what_is_not_croissant_is_an_error_of_one_line(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_croissant(text, "x.json")
