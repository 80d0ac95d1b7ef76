from ftaudit.records.detect import recognise
from tests.records.held import problems, read, typed


def test_only_desirable_completions_are_outputs() -> None:
    frame = typed([{"prompt": "p", "completion": c, "label": c == "good"} for c in ("good", "bad")])
    found = read(frame)
    assert found["output"].to_list() == ["good", None]
    assert found["text"].to_list() == ["p\n\ngood", "p\n\nbad"]
    assert found["label"].to_list() == [None, None]
    assert problems(found) == [[], []]


def test_the_label_is_no_canonical_column() -> None:
    frame = typed([{"prompt": "p", "completion": "c", "label": True}])
    assert set(recognise(frame.schema, frozenset()).columns) == {"input", "output"}


def test_a_label_must_be_true_or_false() -> None:
    frame = typed(
        [{"prompt": "p", "completion": "c", "label": v} for v in ("True", "0", "x", None)]
    )
    assert problems(read(frame)) == [
        [],
        [],
        [("label_type", "label")],
        [("missing_label", "label")],
    ]
