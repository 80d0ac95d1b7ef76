from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from ftaudit.reports import junit
from tests.reports import sample


def suites() -> dict[str, ET.Element]:
    root = ET.fromstring(junit.render(sample.manifest()))  # noqa: S314 - our own text
    return {suite.attrib["name"]: suite for suite in root}


def test_the_xml_of_a_fixed_manifest_does_not_change(golden: Callable[[str, str], None]) -> None:
    golden("report.xml", junit.render(sample.manifest()))


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_the_xml_is_well_formed_whatever_the_data_says(text: str) -> None:
    root = ET.fromstring(junit.render(sample.poisoned(text)))  # noqa: S314 - our own text
    tags = {element.tag for element in root.iter()}
    assert tags <= {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "error",
        "skipped", "system-out",
    }  # fmt: skip


def test_there_is_a_suite_per_check_even_of_one_that_was_not_run() -> None:
    assert list(suites())[-1] == "provenance"
    assert len(suites()) == 8


def test_breaches_fail_waived_ones_are_skipped_and_warnings_pass() -> None:
    assert suites()["label-conflicts"].attrib["failures"] == "1"
    assert suites()["leakage"].attrib["skipped"] == "1"
    assert suites()["leakage"].attrib["failures"] == "0"
    assert suites()["class-balance"].attrib["failures"] == "0"


def test_a_check_that_broke_is_an_error_and_one_skipped_is_skipped() -> None:
    assert suites()["secrets"].attrib["errors"] == "1"
    assert suites()["expectations"].attrib["skipped"] == "1"


def test_the_numbers_of_the_whole_are_those_of_its_suites() -> None:
    root = ET.fromstring(junit.render(sample.manifest()))  # noqa: S314 - our own text
    for key in ("tests", "failures", "errors", "skipped"):
        assert int(root.attrib[key]) == sum(int(suite.attrib[key]) for suite in root)
