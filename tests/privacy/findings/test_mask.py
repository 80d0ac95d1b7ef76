from hypothesis import given
from hypothesis import strategies as st

from ftaudit.privacy.findings.mask import detail, mask_path, mask_text, shape
from ftaudit.privacy.findings.span import Span


def test_a_shape_keeps_classes_and_drops_content() -> None:
    assert shape("4111-Abcd") == "dddd-****"


def test_a_shape_is_capped_and_the_length_told_beside_it() -> None:
    assert detail("jo.q@mail.example.com") == "**.*@****.*****… (21)"


@given(st.text(max_size=60))
def test_a_shape_holds_no_letter_and_no_digit_of_the_value(value: str) -> None:
    assert set(shape(value)) <= set("d*… .-_@/:+()#,")
    assert len(shape(value)) <= 16


def test_every_span_of_a_text_is_masked_by_its_entity() -> None:
    spans = [Span("URL", 6, 14, 0.5, "r"), Span("EMAIL_ADDRESS", 3, 14, 1.0, "r")]
    assert mask_text("at a@b.example, ok", spans) == "at [EMAIL_ADDRESS], ok"


def test_a_text_without_spans_is_unchanged() -> None:
    assert mask_text("nothing here", []) == "nothing here"


def test_a_path_of_names_is_shown_as_it_is() -> None:
    path = "messages[12].tool_calls[0].function.arguments.Customer Name"
    assert mask_path(path) == path


def test_a_key_that_is_a_value_is_masked() -> None:
    assert mask_path("accounts.4111111111111111") == "accounts.dddddddddddddddd"
    assert mask_path("by.jo.doe@mail.example.com") == "by.**.***@****.***…"
    assert mask_path("x." + "k" * 70) == "x.***************…"
