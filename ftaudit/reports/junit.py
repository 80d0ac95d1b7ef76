"""Render a manifest as JUnit XML: a test suite per check, a failure per breach.

Source: https://github.com/testmoapp/junitxml (the de-facto format; there is no standard).
"""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import NONE, Excerpts
from ftaudit.reports.limits import breach_sentence
from ftaudit.wire.manifest import BreachRecord, CheckRecord, Manifest

RAN: Final = "ran"
"""Name of the case that says whether a check ran to its end."""


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:  # noqa: ARG001 - holds no row
    """Return the XML. `printable` has removed every character that XML 1.0 forbids."""
    gate = manifest.predicate.gate
    ids = {check.id for check in manifest.predicate.checks}
    breaches, warnings = _by_check(gate.breaches), _by_check(gate.warnings)
    root = ET.Element("testsuites", name="ftaudit")
    for check in manifest.predicate.checks:
        suite = _suite(root, manifest, check.id)
        _properties(suite, check)
        _ran(suite, check)
        _cases(suite, check.id, breaches.get(check.id, []), warnings.get(check.id, []))
        _count(suite)
    for name in sorted((breaches.keys() | warnings.keys()) - ids):
        suite = _suite(root, manifest, name)
        _cases(suite, name, breaches.get(name, []), warnings.get(name, []))
        _count(suite)
    _count(root)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _by_check(breaches: list[BreachRecord]) -> dict[str, list[BreachRecord]]:
    grouped: dict[str, list[BreachRecord]] = {}
    for breach in breaches:
        grouped.setdefault(breach.check, []).append(breach)
    return grouped


def _suite(root: ET.Element, manifest: Manifest, name: str) -> ET.Element:
    created = phrasing.name(manifest.predicate.time_created).removesuffix("Z")
    return ET.SubElement(root, "testsuite", name=phrasing.name(name), timestamp=created)


def _properties(suite: ET.Element, check: CheckRecord) -> None:
    properties = ET.SubElement(suite, "properties")
    for metric, value in phrasing.in_order(check.metrics).items():
        text = phrasing.name(str(value))
        ET.SubElement(properties, "property", name=phrasing.name(metric), value=text)
    for finding in check.findings:
        name = f"findings {phrasing.name(finding.rule)} ({finding.severity})"
        ET.SubElement(properties, "property", name=name, value=str(finding.count))


def _case(suite: ET.Element, check: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", name=name, classname=f"ftaudit.{phrasing.name(check)}")


def _ran(suite: ET.Element, check: CheckRecord) -> None:
    case = _case(suite, check.id, RAN)
    message = phrasing.outcome(check)
    if check.status == "error":
        ET.SubElement(case, "error", message=message, type="error")
    elif check.status == "skipped":
        ET.SubElement(case, "skipped", message=message)
    else:
        ET.SubElement(case, "system-out").text = message


def _cases(
    suite: ET.Element, check: str, breaches: list[BreachRecord], warnings: list[BreachRecord]
) -> None:
    """Add a case per breach (failed, or skipped where waived) and per warning (passed, told)."""
    for breach in breaches:
        case = _case(suite, check, phrasing.name(breach.rule))
        message = breach_sentence(breach)
        if breach.waiver is not None:
            ET.SubElement(
                case, "skipped", message=f"waived by {phrasing.name(breach.waiver)}: {message}"
            )
        else:
            failure = ET.SubElement(
                case, "failure", message=message, type=phrasing.name(breach.rule)
            )
            failure.text = "\n".join(_explained(breach))
    for warning in warnings:
        case = _case(suite, check, phrasing.name(warning.rule))
        message = "\n".join(("warning: " + breach_sentence(warning), *_explained(warning)))
        ET.SubElement(case, "system-out").text = message


def _explained(breach: BreachRecord) -> Iterator[str]:
    if breach.metric:
        yield f"{phrasing.name(breach.metric)}: {phrasing.held_against(breach)}"
    if breach.fix:
        yield phrasing.sentence(breach.fix)


def _count(element: ET.Element) -> None:
    """Set the numbers that readers of JUnit show."""
    element.set("tests", str(len(list(element.iter("testcase")))))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(len(list(element.iter(tag)))))
