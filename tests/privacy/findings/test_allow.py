import pytest

from ftaudit.model.errors import UsageError
from ftaudit.privacy.findings.allow import AllowList
from ftaudit.privacy.findings.span import Span


def allows(allow: AllowList, value: str, entity: str = "EMAIL_ADDRESS") -> bool:
    text = f"see {value} now"
    return allow.allows(text, Span(entity, 4, 4 + len(value), 1.0, "r"))


def test_nothing_is_allowed_by_default() -> None:
    assert not allows(AllowList(), "desk@example.com")


def test_a_value_is_allowed_whatever_its_case() -> None:
    assert allows(AllowList(values=("Desk@Example.com",)), "desk@example.COM")


def test_a_pattern_must_match_the_whole_value() -> None:
    allow = AllowList(patterns=(r"desk\d@example\.com",))
    assert allows(allow, "desk1@example.com")
    assert not allows(allow, "xdesk1@example.com")


@pytest.mark.parametrize("value", ["jo@example.com", "jo@mail.example.com", "JO@EXAMPLE.COM"])
def test_a_domain_allows_its_addresses_and_those_below_it(value: str) -> None:
    assert allows(AllowList(domains=("example.com",)), value)


def test_a_domain_allows_no_other_that_ends_like_it() -> None:
    assert not allows(AllowList(domains=("example.com",)), "jo@notexample.com")


def test_a_domain_allows_its_urls_and_no_phone_number() -> None:
    allow = AllowList(domains=("example.com",))
    assert allows(allow, "https://www.example.com:8080/a?b#c", "URL")
    assert not allows(allow, "example.com", "PHONE_NUMBER")


def test_a_pattern_that_re2_cannot_read_is_refused() -> None:
    with pytest.raises(UsageError, match="not a regular expression"):
        AllowList(patterns=("(?=a)",)).check()
