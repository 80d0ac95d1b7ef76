import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.provenance.licenses import LicenseStanding, classify, license_terms, parse_license

ALLOW = (
    "MIT",
    "Apache-2.0",
    "CC-BY-4.0",
    "LicenseRef-Internal",
    "GPL-2.0-only WITH Classpath-exception-2.0",
)
REVIEW = ("CC-BY-SA-*", "GPL-*", "LicenseRef-*")
DENY = ("CC-BY-NC-*", "NOASSERTION")


def standing(expression: str | None) -> LicenseStanding:
    return classify(expression, allow=ALLOW, review=REVIEW, deny=DENY)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", LicenseStanding.ALLOWED),
        ("mit", LicenseStanding.ALLOWED),
        ("MIT AND Apache-2.0", LicenseStanding.ALLOWED),
        ("MIT AND CC-BY-SA-4.0", LicenseStanding.REVIEW),
        ("MIT AND CC-BY-NC-4.0", LicenseStanding.DENIED),
        ("MIT OR CC-BY-NC-4.0", LicenseStanding.ALLOWED),
        ("CC-BY-NC-4.0 OR CC-BY-SA-4.0", LicenseStanding.REVIEW),
        ("(MIT OR CC-BY-NC-4.0) AND CC-BY-4.0", LicenseStanding.ALLOWED),
        ("MIT OR CC-BY-NC-4.0 AND CC-BY-NC-4.0", LicenseStanding.ALLOWED),
        ("(MIT OR CC-BY-4.0) AND CC-BY-NC-4.0", LicenseStanding.DENIED),
        ("CC-BY-NC-ND-4.0", LicenseStanding.DENIED),
        ("LicenseRef-Internal", LicenseStanding.ALLOWED),
        ("LicenseRef-Other", LicenseStanding.REVIEW),
        ("GPL-2.0-only WITH Classpath-exception-2.0", LicenseStanding.ALLOWED),
        ("GPL-3.0-only WITH Bison-exception-2.2", LicenseStanding.REVIEW),
        ("NOASSERTION", LicenseStanding.DENIED),
        ("0BSD", LicenseStanding.UNKNOWN),
        ("MIT AND 0BSD", LicenseStanding.UNKNOWN),
        ("0BSD AND CC-BY-NC-4.0", LicenseStanding.DENIED),
        ("openrail", LicenseStanding.REVIEW),
        ("other", LicenseStanding.REVIEW),
        ("bigscience-openrail-m", LicenseStanding.REVIEW),
        ("CC-BY-4.0 AND", LicenseStanding.UNKNOWN),
        ("free to use", LicenseStanding.UNKNOWN),
        ("", LicenseStanding.UNKNOWN),
        (None, LicenseStanding.UNKNOWN),
        ("(" * 200, LicenseStanding.UNKNOWN),
    ],
)
def test_a_policy_judges_expressions(expression: str | None, expected: LicenseStanding) -> None:
    assert standing(expression) is expected


def test_without_lists_nothing_is_allowed() -> None:
    assert classify("MIT") is LicenseStanding.UNKNOWN


def test_a_name_wins_over_a_pattern_and_deny_over_review() -> None:
    assert (
        classify("CC-BY-NC-4.0", allow=["CC-BY-NC-4.0"], deny=["CC-BY-*"])
        is LicenseStanding.ALLOWED
    )
    assert (
        classify("CC-BY-NC-4.0", allow=["*"], review=["CC-*"], deny=["CC-*"])
        is LicenseStanding.DENIED
    )


def test_terms_keep_their_exception() -> None:
    terms = license_terms("(MIT OR GPL-2.0-only WITH Classpath-exception-2.0) AND CC-BY-4.0")
    assert terms == {"MIT", "GPL-2.0-only WITH Classpath-exception-2.0", "CC-BY-4.0"}


@given(text=st.text(max_size=60) | st.text(alphabet="()MITANDORWH- ", max_size=80))
def test_any_text_is_an_expression_or_unknown(text: str) -> None:
    parsed = parse_license(text)
    if parsed is None:
        assert standing(text) is LicenseStanding.UNKNOWN
    else:
        assert parse_license(parsed) == parsed
        assert license_terms(parsed)


names = st.sampled_from(["MIT", "Apache-2.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "0BSD"])
trees = st.recursive(
    names,
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    ),
    max_leaves=5,
)


@given(one=trees, other=trees)
def test_and_is_the_worst_and_or_the_best_of_two(one: str, other: str) -> None:
    order = [
        LicenseStanding.ALLOWED,
        LicenseStanding.REVIEW,
        LicenseStanding.UNKNOWN,
        LicenseStanding.DENIED,
    ]
    ranks = sorted((standing(one), standing(other)), key=order.index)
    assert standing(f"{one} OR {other}") is ranks[0]
    assert standing(f"{one} AND {other}") is ranks[1]
