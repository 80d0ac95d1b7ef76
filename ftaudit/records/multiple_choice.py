"""Multiple choice: a question, answers to choose from, and the right one."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw, decode, encode
from ftaudit.records.classification import TEXTS
from ftaudit.records.completion import CONTEXTS, PROMPTS
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.printed_lists import printed_list
from ftaudit.records.problem import flag
from ftaudit.records.record_part import absence, read_part, read_text
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape, plain

_QUESTIONS: Final = (
    *("question", *PROMPTS, "stem", "question_stem", "ctx", "goal", "sentence", "premise"),
    *("query", "text", "activity_label", "inputs", "obs1", "startphrase", "sent1", "scenario"),
)
_COLUMNS: Final = (
    *(("A", "B", "C", "D", "E", "F"), ("option_a", "option_b", "option_c", "option_d", "option_e")),
    *(("opa", "opb", "opc", "opd"), ("choice1", "choice2", "choice3", "choice4")),
    *(("option1", "option2", "option3", "option4"), ("sol1", "sol2"), ("hyp1", "hyp2")),
    *(("ending0", "ending1", "ending2", "ending3"), ("choice_a", "choice_b", "choice_c")),
    *(("answer1", "answer2", "answer3"), ("answerA", "answerB", "answerC"), ("opt1", "opt2")),
    *(("answer_a", "answer_b", "answer_c", "answer_d"), ("choice0", "choice1", "choice2")),
    *(("option0", "option1", "option2", "option3"), ("answer0", "answer1", "answer2")),
    *(("correct_answer", "distractor1", "distractor2", "distractor3"),),
    ("correct_answer", "incorrect_answer_1", "incorrect_answer_2", "incorrect_answer_3"),
)
"""Names of columns that hold one choice each."""
_ANSWERS: Final = (
    *("answer", "answerKey", "answer_key", "label", "answer_idx", "answer_index", "correct"),
    *("correct_answer", "gold", "cop", "target", "correct_option", "correct_choice", "correct_idx"),
    *("correct_answer_idx", "output", "solution", "right_answer", "gold_label", "labels", "accept"),
    *("correct_option_id", "correct_choice_id", "answer_id", "answer_letter", "best_answer", "key"),
    *("correct_answer_id", "right_choice", "targets", "answers", "final_answer"),
)
_CHOICE: Final = re.compile(
    r"(options?|choices?|answers?|endings?|candidates?|alternatives?|sol|opt|op|ans)[a-f0-9]"
)
_LETTER: Final = re.compile(r"(?:^|[,;\n])\s*\(?([A-Ha-h])\s?[).:]\s|(?<=\s)\(?([A-H])[).]\s")
_NESTED: Final = (ColumnKind.OTHER, ColumnKind.JSON)
_WRONG: Final = ("incorrect_answers", "wrong_answers")
_TEXTS: Final = ("text", "texts", "choices", "value", "content", "options", "option", "choice")
_LABELS: Final = ("label", "labels", "key", "id", "letter")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class MultipleChoice(Struct, frozen=True):
    """Records with a question, choices and the answer: by index, letter, key or text.

    The choices stand in a list, in an object (`{"text": …, "label": …}` or by letter), in JSON
    text, in columns of their own, or with the question in one object (`{"stem": …, "choices": …}`).
    The input is the context, if there is one, the question, and the choices in alphabetical order:
    the same question with its choices exchanged is the same question. The output is the text of the
    right choice. Where a context stands before the question, rows repeat one another only where
    question and choices are the same.
    """

    id: str = "multiple-choice"
    needs: str = "question, choices (a list, or columns A, B, C, …) and answer"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a question, its choices and its answer."""
        if (stem := _stem(shape)) is not None:
            answers = shape.named(_ANSWERS, (ColumnKind.TEXT,))
            answer = shape.overrides.get("output") or next(iter(answers), None)
            parts = {"input": stem, "choices": stem}
            return parts | ({"output": answer} if answer is not None else {})
        choices = _choices(shape)
        if choices is None:
            return None
        taken = set(choices.values())
        kinds = (ColumnKind.TEXT, ColumnKind.OTHER, ColumnKind.JSON)
        questions = [c for c in shape.named(_QUESTIONS, (ColumnKind.TEXT,)) if c not in taken]
        question = shape.pick_text("input", questions, (ColumnKind.TEXT,))
        if question is None:
            texts = [c for c in shape.named(TEXTS, (ColumnKind.TEXT,)) if c not in taken]
            question = next((c for c in texts if shape.holds_text(c)), None)
        answers = [c for c in shape.named(_ANSWERS, kinds) if c not in taken and c != question]
        answer = shape.overrides.get("output") or next(iter(answers), None)
        if question is None:
            return None
        parts = {"input": question, **choices}
        first = next(iter(choices.values()))
        if answer is None and plain(first) == "correctanswer":
            answer = first
        if answer is not None:
            from_1 = _counts_from_one(shape, answer, choices)
            parts["answer_from_1" if from_1 else "output"] = answer
            parts["output"] = answer
        second = next(iter(shape.named(("question",), (ColumnKind.TEXT,))), question)
        parts |= {"second": second} if second not in parts.values() else {}
        context = [c for c in shape.named(CONTEXTS, (ColumnKind.TEXT,)) if c != question]
        return parts | ({"context": context[0]} if context else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read questions with their choices."""
        choices = _read_choices(raw, parts)
        nested = parts.get("choices") == parts["input"]
        question = read_part(_stems(raw, parts["input"]) if nested else raw, parts["input"])
        listed = [_listed(options) for options in choices]
        more = [read_text(raw, parts["second"])] if "second" in parts else []
        questions = joined(question.text, *more, pl.Series(listed, dtype=pl.String))
        context = read_text(raw, parts["context"]) if "context" in parts else None
        inputs = questions if context is None else joined(context, questions)
        outputs = pl.Series([None] * len(raw), dtype=pl.String)
        problems: list[pl.DataFrame] = absence(raw, question, "input")
        if "output" in parts:
            first = 1 if "answer_from_1" in parts else 0
            outputs = _answered(raw.values(parts["output"]), choices, first)
            table = raw.index().with_columns(outputs.alias("answer"))
            absent = pl.col("answer").is_null()
            problems.append(flag(table, absent, "missing_output", parts["output"], "is missing"))
        else:
            outputs = pl.Series([_marked(options) for options in choices], dtype=pl.String)
        focus = questions if context is not None else None
        text = joined(inputs, outputs)
        return MappedRecords(inputs, outputs, text, None, outputs, None, focus, problems)


def _stem(shape: TableShape) -> str | None:
    """Return a column of objects that hold a question with its choices, as ARC and OpenBookQA do.

    `{"stem": …, "choices": [{"text": …, "label": …}, …]}`
    """
    for column in shape.named(("question",), _NESTED):
        held = [value for value in shape.values(column) if value is not None]
        if held and all(_asks_by_stem(value) for value in held):
            return column
    return None


def _asks_by_stem(value: Json) -> bool:
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("stem"), str)
        and isinstance(value.get("choices"), list)
    )


def _stems(raw: Raw, column: str) -> Raw:
    """Return the batch with nothing but the question in a column of questions and choices."""
    stems = [v.get("stem") if isinstance(v, Mapping) else None for v in raw.values(column)]
    texts = pl.Series(column, [s if isinstance(s, str) else None for s in stems], pl.String)
    return Raw(raw.frame.with_columns(texts), raw.json_columns - {column})


Options = list[tuple[str, str]]
"""Key (a letter or label, or the empty text) and text of every choice, in their own order."""


def _choices(shape: TableShape) -> dict[str, str] | None:
    """Return the columns of the choices, as parts."""
    if (named := shape.overrides.get("choices")) is not None:
        return {"choices": named}
    kinds = (ColumnKind.OTHER, ColumnKind.JSON, ColumnKind.TEXT)
    names = (*NAMES[Role.CHOICES], "mc1_targets", "multiple_choice_targets", *_WRONG)
    for column in shape.named(names, kinds):
        options = [_options(value) for value in shape.values(column)]
        if any(len(o) > 1 for o in options) or (not options and _is_list(shape, column)):
            return {"choices": column}
    if (pointed := _pointed(shape)) is not None:
        return {"choices": pointed}
    if (numbered := _numbered(shape)) is not None:
        return numbered
    for columns in _COLUMNS:
        present = [c for name in columns for c in shape.named((name,), (ColumnKind.TEXT,))]
        if len(present) >= min(3, len(columns)) or (len(present) == 2 and len(columns) <= 4):
            if len(present) < 2 or plain(present[0]) != plain(columns[0]):
                continue
            return {f"choice {chr(ord('A') + i)}": c for i, c in enumerate(present)}
    return None


def _pointed(shape: TableShape) -> str | None:
    """Return a list of answers of which another column names one by its number or letter."""
    for column in shape.named(("answers", "answer", "responses"), _NESTED):
        options = [_options(value) for value in shape.values(column) if isinstance(value, list)]
        most = max(map(len, options), default=0)
        others = [c for c in shape.named(_ANSWERS, (ColumnKind.TEXT,)) if c != column]
        if most > 1 and any(_points(shape, other, most) for other in others):
            return column
    return None


def _points(shape: TableShape, column: str, most: int) -> bool:
    """Tell whether every value is the number or the letter of one of so many choices."""
    places = [_place(str(value).strip(), 0) for value in shape.values(column) if value is not None]
    return bool(places) and all(place is not None and place <= most for place in places)


def _numbered(shape: TableShape) -> dict[str, str] | None:
    """Return columns that are called alike but for a letter or a digit, such as `Option 3`."""
    families: dict[str, list[str]] = {}
    for column in shape.schema:
        name = _CHOICE.fullmatch(plain(column))
        if name and column not in shape.taken and shape.kind(column) is ColumnKind.TEXT:
            families.setdefault(name[1], []).append(column)
    family = next((columns for columns in families.values() if len(columns) > 2), None)
    if family is None:
        return None
    return {f"choice {chr(ord('A') + i)}": c for i, c in enumerate(sorted(family)[:26])}


def _is_list(shape: TableShape, column: str) -> bool:
    return isinstance(shape.schema[column], pl.List | pl.Array | pl.Struct)


def _counts_from_one(shape: TableShape, column: str, choices: Mapping[str, str]) -> bool:
    """Tell whether answers are numbers that count choices from 1."""
    evidence = shape.evidence(column)
    if evidence is None or not evidence.is_number or evidence.least is None:
        return False
    most = evidence.most or 0
    held = choices.get("choices")
    several = [len(_options(v)) for v in shape.values(held)] if held else [len(choices)]
    names_from_1 = held is None and plain(next(iter(choices.values()))).endswith("1")
    return evidence.least >= 1 and (names_from_1 or most >= max(several, default=0))


def _read_choices(raw: Raw, parts: Parts) -> list[Options]:
    if "choices" in parts:
        return [_options(value) for value in raw.values(parts["choices"])]
    columns = sorted(part for part in parts if part.startswith("choice "))
    values = [raw.frame[parts[part]].cast(pl.String).to_list() for part in columns]
    keys = [part.rpartition(" ")[2] for part in columns]
    return [
        [(key, text) for key, text in zip(keys, row, strict=True) if text]
        for row in zip(*values, strict=True)
    ]


def _options(value: Json) -> Options:
    """Read the choices of one record, however they are held."""
    if isinstance(value, str):
        held = decode(value) if value.lstrip()[:1] in "[{" else None
        held = held if isinstance(held, list | dict) else printed_list(value)
        return _options(held) if held is not None else _lettered(value)
    if isinstance(value, list):
        return [pair for item in value if (pair := _option(item)) is not None]
    if not isinstance(value, Mapping):
        return []
    if _asks_by_stem(value):
        return _options(value["choices"])
    texts = next((value[k] for k in _TEXTS if isinstance(value.get(k), list)), None)
    if texts is not None:
        keys: list[Json] = next((value[k] for k in _LABELS if isinstance(value.get(k), list)), [])
        named = [*map(str, keys), *[""] * len(texts)]
        return [(key, _text(text)) for key, text in zip(named, texts, strict=False)]
    return [(str(key), _text(text)) for key, text in value.items() if text is not None]


def _lettered(text: str) -> Options:
    """Read choices that stand in one text: `a ) 38 , b ) 27.675`; none unless they go on from a."""
    marks = list(_LETTER.finditer(text))
    letters = [(mark[1] or mark[2]).lower() for mark in marks]
    if len(marks) < 2 or letters != list(_LETTERS[: len(marks)]):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        (letter, text[mark.end() : end].strip(" ,;\n"))
        for letter, mark, end in zip(letters, marks, ends, strict=True)
    ]


def _option(item: Json) -> tuple[str, str] | None:
    if item is None:
        return None
    if not isinstance(item, Mapping):
        return "", _text(item)
    text = next((item[k] for k in _TEXTS if item.get(k) is not None), None)
    key = next((item[k] for k in _LABELS if item.get(k) is not None), "")
    return (str(key), _text(text)) if text is not None else ("", encode(dict(item)))


def _marked(options: Options) -> str | None:
    """Return the choice that is marked 1 where all others are marked 0, as TruthfulQA has them."""
    if not options or {key for key, _ in options} != {"0", "1"}:
        return None
    return next(text for key, text in options if key == "1")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else encode(value)


def _listed(options: Options) -> str:
    return "\n".join(f"- {text}" for text in sorted(text.strip() for _, text in options))


def _answered(values: Sequence[Json], choices: Sequence[Options], first: int) -> pl.Series:
    """Return the text of the choice that each answer names; the answer itself where none is."""
    texts = [_answer(v, options, first) for v, options in zip(values, choices, strict=True)]
    return pl.Series(texts, dtype=pl.String)


def _answer(value: Json, options: Options, first: int) -> str | None:
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("answer", "label", "text", "value") if k in value), None)
    if isinstance(value, list):
        several = [_answer(item, options, first) for item in value]
        return "\n".join(text for text in several if text) or None
    if value is None or value == "":
        return None
    answer = _text(value).strip()
    for key, text in options:
        if key and key.casefold() == answer.casefold():
            return text
    for _, text in options:
        if text.strip() == answer:
            return text
    place = _place(answer, first)
    return options[place][1] if place is not None and place < len(options) else answer


def _place(text: str, first: int) -> int | None:
    """Return the 0-based place that an index or a letter such as `B`, `(b)` or `B.` names."""
    digits = text.removesuffix(".0")
    if digits.isdecimal():
        place = int(digits) - first
        return place if place >= 0 else None
    letter = text.strip("().: ").casefold()
    return _LETTERS.index(letter) if len(letter) == 1 and letter in _LETTERS else None
