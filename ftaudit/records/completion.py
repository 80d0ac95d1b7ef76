"""A prompt and its completion, under any of their usual names."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.records.cell_values import Raw
from ftaudit.records.conversation import joined
from ftaudit.records.dialect import CONVERSATIONS, MESSAGES
from ftaudit.records.final_answer import derivations
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.record_part import absence, answer, part_problems, read_part
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape, is_free_text, plain
from ftaudit.records.wrapped_turns import holds_messages, unwrapped

PROMPTS: Final = (
    *("prompt", "question", "query", "input", "problem", "inputs", "source_text", "user"),
    *("prompts", "human", "user_input", "user_message", "request", "source", "src", "nl"),
    *("input_text", "inputs_pretokenized", "q", "natural_language", "user_prompt", "docstring"),
    *("problem_statement", "question_text", "prompt_text", "user_query", "source_string"),
    *("source_sentence", "model_input", "func_documentation_string"),
    *("request_body", "buggy_code", "incorrect_code", "broken_code", "nl_question", "patient"),
    *("pregunta", "frage", "domanda", "pergunta", "вопрос", "问题", "質問", "질문", "سؤال", "שאלה"),
)
COMPLETIONS: Final = (
    *("completion", "answer", "response", "output", "completions", "solution", "target"),
    "actual_output",
    *("answers", "outputs", "targets", "reply", "generation", "generated_text", "generations"),
    *("final_answer", "assistant", "model_response", "gpt", "model_output", "ground_truth"),
    *("responses", "expected_output", "expected", "gold", "target_text", "tgt", "code", "sql"),
    *("canonical_solution", "solutions", "ideal", "best_answer", "output_text", "answer_text"),
    *("targets_pretokenized", "response_text", "completion_text", "resolution", "correction"),
    *("reference_code", "reference_solution", "reference_answer", "gold_answer", "gold_patch"),
    *("new_contents", "patch", "target_string", "target_sentence", "translated_text"),
    *("snippet", "func_code_string", "ref", "mt", "response_body", "fixed_code"),
    *("corrected_code", "gold_sql", "extracted_json", "extraction", "structured_output"),
    *(
        "respuesta",
        "antwort",
        "risposta",
        "resposta",
        "réponse",
        "reponse",
        "ответ",
        "答案",
        "回答",
    ),
    *("답변", "إجابة", "תשובה"),
)
_WEAK: Final = (
    *("label", "labels", "query", "a", "rewrite", "corrected", "paraphrase", "headline", "result"),
    *("reference", "bot", "chatbot", "doctor", "ruling", "notes"),
)
"""Names of answers only where the sample shows text of its own in every row, or code."""
CONTEXTS: Final = ("context", "passage", "document")
_LAST: Final = (
    *("text", "instruction", "sentence", "task", "utterance", "message", "body", "content"),
    *("comment", "review", "email", "description", "post", "ticket", "document", "title"),
    *("news", "news_article", "article", "intent"),
)
"""Names of a prompt where nothing else is one, and an answer stands beside it."""
_CODE: Final = frozenset(
    {"code", "sql", "query", "canonicalsolution", "solution", "solutions", "patch", "goldpatch"}
    | {"referencecode", "snippet", "funccodestring", "fixedcode", "correctedcode", "goldsql"}
)
"""Names of answers in which no sentences are expected."""
_RATINGS: Final = (*NAMES[Role.SCORE], "helpfulness", "reward", "overall_score")

_LOOSE: Final = frozenset({"source", "src", "user", "request", "q", "nl", "inputs", "patient"})
"""Plain names of prompts only where the sample shows text: they name origins and numbers, too."""
_EARLIER: Final = ("history", "dialog_history", "dialogue_history", "chat_history", "previous")
"""Names of a prompt where an answer stands beside earlier turns alone."""

_ANY: Final = tuple(ColumnKind)


class Completion(Struct, frozen=True):
    """Records with a prompt and a completion: strings, or lists of turns.

    A context comes before the question in the input, a blank line between them. A completion
    of one turn is that turn's content. Where a score stands beside the answer (rating,
    helpfulness, reward), a prompt stands with several answers by design: rows repeat one another
    only where the answer is equal, too, and answers never clash.
    """

    id: str = "completion"
    needs: str = "prompt and completion (or question and answer, input and output, …)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a prompt and a completion by name."""
        if not shape.forced and all(shape.named((name,), _ANY) for name in ("chosen", "rejected")):
            return None  # a pair of answers, whatever else stands beside it
        prompt = _prompt(shape)
        completion = _completion(shape, prompt)
        if prompt is None and completion is not None and _is_answer(shape, completion):
            prompt = shape.pick_like("input", _LAST, _ANY)
        if prompt is None or completion is None or prompt == completion:
            return None
        parts = {"input": prompt, "output": completion}
        context = shape.pick("context", CONTEXTS, (ColumnKind.TEXT,))
        if context is not None and context not in parts.values():
            parts["context"] = context
        score = _rating(shape, set(parts.values()))
        return parts | ({"score": score} if score is not None else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are wanted."""
        output = ("output",)
        reads = {"input": ("input", "context"), "output": output, "answer": output}
        focus = ("input", "context") if "context" in parts else ()
        return needed(parts, requested, reads | {"variant": output, "focus": focus})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read prompts and completions."""
        before = ("context",) if "context" in parts else ()
        pair = map_pair(raw, parts, requested, before=before)
        if "score" not in parts:
            return pair
        never = pl.Series([None] * len(raw), dtype=pl.String)
        return replace(pair, answer=never, variant=pair.output)


def prompt_names(shape: TableShape) -> tuple[str, ...]:
    """Return the usual names of prompts; an instruction first where an `input` stands beside it."""
    both = all(shape.named((name,), _ANY) for name in ("instruction", "input"))
    return ("instruction", *PROMPTS) if both else (*PROMPTS, "instruction")


def _prompt(shape: TableShape) -> str | None:
    prompt = shape.pick_like("input", PROMPTS, _ANY)
    if prompt is not None and (shape.holds_text(prompt) or "input" in shape.overrides):
        return prompt
    firm = without_origins(shape, shape.named(PROMPTS, _ANY))
    asked = [c for c in shape.named((*MESSAGES, *CONVERSATIONS), _ANY) if asks(shape, c)]
    # a last message beside the earlier ones (Cohere)
    last = [c for c in shape.named(("message",), _ANY) if shape.named(_EARLIER, _ANY)]
    firm += [column for column in last if shape.holds_text(column)]
    return next(iter((*firm, *asked)), None) or shape.pick("input", (*CONTEXTS, *_EARLIER), _ANY)


def without_origins(shape: TableShape, columns: Sequence[str]) -> list[str]:
    """Leave out columns that are prompts by a loose name alone, such as a `source` of words."""
    return [c for c in columns if plain(c) not in _LOOSE or shape.holds_text(c)]


def asks(shape: TableShape, column: str) -> bool:
    """Tell whether the conversations of the sample end with the user, most of them."""
    conversations = (unwrapped(value) or value for value in shape.values(column))
    last = [
        str(turns[-1].get("role") or turns[-1].get("from")).lower()
        for turns in conversations
        if isinstance(turns, list) and turns and isinstance(turns[-1], Mapping)
    ]
    return bool(last) and sum(role in {"user", "human"} for role in last) * 10 >= 9 * len(last)


def _completion(shape: TableShape, prompt: str | None) -> str | None:
    """Return the column of answers: by its name, else one whose values show that it is one."""
    readable = [c for c in shape.named(COMPLETIONS, _ANY) if not _is_numbers(shape, c)]
    named = shape.pick("output", readable or COMPLETIONS, _ANY)
    if named is not None or "output" in shape.overrides or shape.sample is None:
        return named
    if (replies := _replies(shape)) is not None:
        return replies
    weak = [c for c in shape.named(_WEAK, _ANY) if c != prompt]
    answers = [c for c in weak if plain(c) in _CODE or is_free_text(shape, c)]
    similar = [c for c in shape.ending(COMPLETIONS, _ANY) if c != prompt and shape.holds_text(c)]
    free = [c for c in shape.ending(("label",), _ANY) if c != prompt and is_free_text(shape, c)]
    return next(iter((*answers, *similar, *free)), None)


def _is_numbers(shape: TableShape, column: str) -> bool:
    """Tell whether a column holds lists of numbers, such as tokens."""
    evidence = shape.evidence(column)
    return shape.kind(column) is ColumnKind.OTHER and evidence is not None and not evidence.count


def _rating(shape: TableShape, taken: set[str]) -> str | None:
    """Return the column that says how good an answer is, by its name and numbers."""
    for column in shape.named(_RATINGS, (ColumnKind.TEXT,)):
        evidence = shape.evidence(column)
        if column not in taken and evidence is not None and evidence.is_number:
            return column
    return None


def answered(shape: TableShape, prompt: str) -> bool:
    """Tell whether an answer to learn stands beside a prompt."""
    answers = [c for c in shape.named(COMPLETIONS, _ANY) if c != prompt]
    return bool(answers) or _replies(shape) is not None


def _replies(shape: TableShape) -> str | None:
    """Return the column of choices that hold messages, as a service replies with them."""
    named = shape.named(("choices",), _ANY)
    held = any(holds_messages(value) for column in named for value in shape.values(column))
    return named[0] if held else None


def needed(
    parts: Parts, requested: frozenset[str], reads: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """Return the columns of the parts each wanted column reads; all parts for the others."""
    names = {name for w in requested for name in reads.get(w, parts)}
    return frozenset(parts[name] for name in names if name in parts)


def map_pair(
    raw: Raw,
    parts: Parts,
    requested: frozenset[str],
    *,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> MappedRecords:
    """Read an input, with other parts before and after it, and an output."""
    blank = pl.Series([None] * len(raw), dtype=pl.String)
    inputs, outputs, text, variant = blank, blank, blank, blank
    focus: pl.Series | None = None
    problems: list[pl.DataFrame] = []
    if requested & {"input", "text", "problems"} or (before and "focus" in requested):
        prompt = read_part(raw, parts["input"])
        around = [[read_part(raw, parts[name]).text for name in names] for names in (before, after)]
        inputs = joined(*around[0], prompt.text, *around[1]) if before or after else prompt.text
        focus = prompt.text if "context" in before else None
        if "problems" in requested:
            problems += absence(raw, prompt, "input")
            problems += part_problems(prompt, raw, opening=True, closing=False)
    answers = blank
    if requested & {"output", "text", "problems", "answer", "variant"}:
        completion = read_part(raw, parts["output"])
        outputs = answer(completion, raw)
        answers, derived = derivations(outputs)
        variant = derived
        if "problems" in requested:
            problems += absence(raw, completion, "output")
            problems += part_problems(completion, raw, opening=False, closing=True)
        if "text" in requested:
            text = joined(inputs, completion.text)
    return MappedRecords(inputs, outputs, text, None, answers, variant, focus, problems)


def _is_answer(shape: TableShape, column: str) -> bool:
    """Tell whether a column holds answers, rather than names of classes: `target` may be either."""
    if "output" in shape.overrides or plain(column) in _CODE:
        return True
    evidence = shape.evidence(column)
    return evidence is not None and evidence.is_text
