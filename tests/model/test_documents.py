import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from ftaudit.checks import discover
from ftaudit.model import documents
from ftaudit.model.documents import parse_document, parse_yaml
from ftaudit.model.errors import InputError
from ftaudit.policy.policy import Vocabulary, parse

VOCABULARY = Vocabulary({i: tuple(m.name for m in c.metrics) for i, c in discover().items()})


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    parts: list[Inner] = []
    by_name: dict[str, Inner] = {}


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_document(text, Outer, name="plan.yaml", kind="plan")
    return str(caught.value)


def test_what_fits_is_parsed() -> None:
    text = "title: x\nparts: [{name: a, size: 3}]\nby_name: {b: {name: b}}\n"
    found = parse_document(text, Outer, name="plan.yaml", kind="plan")
    assert found.parts[0].size == 3
    assert found.by_name["b"].name == "b"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("titel: x\n", 1, "did you mean title?"),
        ("title: x\nparts:\n  - name: a\n    sise: 3\n", 4, "did you mean size?"),
        ("title: x\nby_name:\n  b:\n    nam: c\n", 4, "did you mean name?"),
        ("title: x\nparts:\n  - size: 3\n", 3, "parts.0.name is missing"),
        ("title: x\nparts:\n  - {name: a, size: many}\n", 3, "parts.0.size"),
        ("parts: []\n", 1, "title is missing"),
        ("title: x\ntitle: y\n", 2, "stands twice"),
        ('{"title": "x",\n"title": "y"}', 2, "stands twice"),
        ("title: x\nby_name: {1: {name: a},\n0x1: {name: b}}\n", 3, "spelled in two ways"),
        ("title: x\nby_name: {true: {name: a},\nTrue: {name: b}}\n", 3, "spelled in two ways"),
        ("title: [\n", 2, "not YAML"),
        ("- a\n", 1, "a mapping of keys"),
        ("title: !!python/object:os.system x\n", 1, "not YAML"),
    ],
)
def test_errors_name_the_line(text: str, line: int, words: str) -> None:
    said = refused(text)
    assert f"plan.yaml, line {line}:" in said
    assert words in said


def test_further_problems_are_counted() -> None:
    assert "(and 2 more problems in this plan file)" in refused("a: 1\nb: 2\nc: 3\ntitle: x\n")


def test_values_are_not_quoted() -> None:
    assert "4111" not in refused("title: x\nparts:\n  - {name: a, size: 4111-1111}\n")


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_in_one_line(text: str) -> None:
    said = ""
    try:
        parse_yaml(text, name="plan.yaml", kind="plan")
    except InputError as error:
        said = str(error)
    assert "\n" not in said


@pytest.mark.parametrize("word", ["off", "on", "no", "NO", "yes", "n", "y", "Off"])
def test_words_that_yaml_1_1_takes_for_booleans_stay_words(word: str) -> None:
    value, _ = parse_yaml(f"a: {word}\nb: [{word}]\n", name="x.yaml", kind="policy")
    assert value == {"a": word, "b": [word]}


@pytest.mark.parametrize(("word", "meant"), [("true", True), ("False", False), ("TRUE", True)])
def test_true_and_false_are_booleans(word: str, meant: bool) -> None:
    assert parse_yaml(f"a: {word}\n", name="x.yaml", kind="policy")[0] == {"a": meant}


def test_a_rule_can_be_turned_off_as_the_standard_policy_explains() -> None:
    text = """
schema: ftaudit.policy/v1
id: mine
extends: standard
rules:
  FTA-BAL-001: {severity: off}
parameters:
  pii: {countries: [no, se]}
"""
    metrics = {id_: tuple(m.name for m in check.metrics) for id_, check in discover().items()}
    policy = parse(text, "mine.yaml", Vocabulary(metrics))
    assert policy.rules["FTA-BAL-001"].severity == "off"
    assert policy.parameters["pii"]["countries"] == ["no", "se"]


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
)
MERGES = "b0: &b0 {a: 1}\n" + "".join(
    f"b{i}: &b{i} {{<<: [{','.join([f'*b{i - 1}'] * 10)}]}}\n" for i in range(1, 8)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "stand for more than 100,000 values"),
        (MERGES, "stand for more than 100,000 values"),
        ("parts: &a [*a]\n", "leads back"),
        ("by_name: &r {a: *r}\n", "leads back"),
        ("by_name: &r {a: {<<: *r}}\n", "leads back"),
        ("title: .nan\n", "finite number"),
        ("title: -.inf\n", "finite number"),
        ("title: 1.0e+999\n", "finite number"),
        ('title: "\\ud800"\n', "surrogate"),
        ('"\\ud800": x\n', "surrogate"),
    ],
)
def test_what_no_person_writes_is_refused_in_one_line(text: str, says: str) -> None:
    said = refused(text)
    assert says in said
    assert "line " in said
    assert "\n" not in said


def test_aliases_and_merge_keys_of_a_common_size_are_read() -> None:
    text = "by_name: {a: &a {name: x, size: 3}, b: *a, c: {<<: *a, name: y}}\ntitle: x\n"
    found = parse_document(text, Outer, name="plan.yaml", kind="plan")
    assert found.by_name["b"] == found.by_name["a"]
    assert (found.by_name["c"].name, found.by_name["c"].size) == ("y", 3)


@pytest.mark.parametrize("limit", [".nan", ".inf", "-.inf", "1e400", str(10**400), str(2**53)])
def test_a_limit_that_no_metric_can_meet_or_miss_is_refused(limit: str) -> None:
    text = f"schema: ftaudit.policy/v1\nid: own\nrules: {{FTA-DUP-002: {{max: {limit}}}}}\n"
    with pytest.raises(InputError, match=r"policy\.yaml, line 3"):
        parse(text, "policy.yaml", VOCABULARY)


def test_a_parameter_that_is_no_finite_number_is_refused() -> None:
    text = "schema: ftaudit.policy/v1\nid: own\nparameters: {pii: {threshold: .nan}}\n"
    with pytest.raises(InputError, match="finite number"):
        parse(text, "policy.yaml", VOCABULARY)


@pytest.mark.parametrize(
    "text", ["a: 1\nb: [on, yes, true, 0x10]\nc: {d: 1.5, e: ~}\n", "- a\n- b: |\n    x\n"]
)
def test_the_quick_loader_reads_what_the_slow_one_reads(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = documents.parse_yaml(text, name="x", kind="policy")
    monkeypatch.setattr(documents, "_QuickLoader", documents._Loader)  # noqa: SLF001 - the other way
    assert documents.parse_yaml(text, name="x", kind="policy") == quick


def test_nesting_that_libyaml_could_not_bear_is_left_to_the_slow_loader() -> None:
    for deep in ("[" * 100_000, "- " * 100_000, "? " * 100_000):
        with pytest.raises(InputError):
            documents.parse_yaml(deep, name="x", kind="policy")


def test_a_long_file_never_takes_the_slow_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_Loader", None)
    rules = ", ".join(f"R-{number}: {{max: 0}}" for number in range(12_000))
    value, lines = documents.parse_yaml(f"rules: {{{rules}}}", name="x", kind="policy")
    assert isinstance(value, dict)
    assert len(lines) == 2 * 12_000 + 1
    for broken in (f"rules: {{{rules}", f"rules: {{{rules}}}" + " }", "[" * 600 + rules):
        with pytest.raises(InputError):
            documents.parse_yaml(broken, name="x", kind="policy")
