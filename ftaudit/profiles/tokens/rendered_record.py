"""A record as one text, and which of its characters are trained."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ftaudit.profiles.profiled_record import Conversation, JsonObject, ProfiledRecord, Turn
from ftaudit.profiles.provider_profile import Trains
from ftaudit.profiles.tokens.chat_template import ChatTemplate, TemplateError
from ftaudit.profiles.tokens.token_counter import Span, TokenCounter
from ftaudit.profiles.tokens.token_tally import CountedSegment
from ftaudit.profiles.tokens.training_text import ANSWERERS

_ROLES: Final = {"human": "user", "gpt": "assistant", "model": "assistant"}
"""Roles of other layouts → what chat templates call them."""


class RenderedRecord(NamedTuple):
    """A record as the model reads it, and what of it is trained."""

    text: str
    trained: tuple[Span, ...]
    """Characters, ascending, apart from each other."""
    known: bool = True
    """False where nothing says what is trained: then `trained` is empty."""


def render_record(
    record: ProfiledRecord, template: ChatTemplate, trains: Trains
) -> RenderedRecord | None:
    """Render the first conversation of a record; None where it has none.

    With `{% generation %}` blocks those are trained, as transformers' mask says. Without them the
    answers are found by rendering the conversation turn by turn, where each rendering begins with
    the one before; else it is not known.

    Raises:
        TemplateError: the template refuses the conversation.
    """
    conversation = next((c for c in record.conversations if c.turns), None)
    if conversation is None:
        return None
    messages = _messages(record, conversation)
    tools = record.value.get("tools") or None
    chat = template.render(messages, tools)
    if trains == "all":
        return RenderedRecord(chat.text, ((0, len(chat.text)),) if chat.text else ())
    if template.marks_generation:
        return RenderedRecord(chat.text, chat.generated)
    spans = _by_turns(template, messages, tools, chat.text)
    return RenderedRecord(chat.text, tuple(spans or ()), known=spans is not None)


def _messages(record: ProfiledRecord, conversation: Conversation) -> list[JsonObject]:
    """Return the turns as templates expect them; an answer follows the prompt it belongs to."""
    turns = [*conversation.turns]
    if conversation.role == "prompt":
        answer = next((c for c in record.conversations if c.role == "answer"), None)
        turns += answer.turns if answer else ()
    return [_message(turn) for turn in turns]


def _message(turn: Turn) -> JsonObject:
    role, content = turn.role, turn.content
    message = dict(turn.value)
    if turn.layout.role == "role" and turn.layout.content[0] == "content":
        return message
    return {"role": _ROLES.get(str(role), role), "content": content}


def _by_turns(
    template: ChatTemplate, messages: Sequence[JsonObject], tools: object, whole: str
) -> list[Span] | None:
    spans: list[Span] = []
    for i, message in enumerate(messages):
        if message.get("role") not in ANSWERERS or message.get("weight") == 0:
            continue
        try:
            before = template.render(messages[:i], tools, add_generation_prompt=True).text
            after = template.render(messages[: i + 1], tools).text
        except TemplateError:
            return None
        if not (after.startswith(before) and whole.startswith(after)):
            return None
        spans.append((len(before), len(after)))
    return spans


def counted_segments(rendered: RenderedRecord, counter: TokenCounter) -> list[CountedSegment]:
    """Count the tokens of a rendered record, stretch by stretch.

    Where the tokenizer tells the characters of a token, a token is trained when one of its
    characters is, as transformers masks them; else the stretches are counted apart, which may
    differ by a token at each border.
    """
    if counter.has_offsets:
        return list(_by_offsets(rendered, counter.spans(rendered.text)))
    pieces = list(_pieces(rendered))
    counts = counter.count([rendered.text[a:b] for a, b, _ in pieces])
    return [
        CountedSegment(count, trained)
        for count, (_, _, trained) in zip(counts, pieces, strict=True)
    ]


def _by_offsets(rendered: RenderedRecord, tokens: Sequence[Span]) -> Iterator[CountedSegment]:
    spans, current = rendered.trained, 0
    count, state = 0, False
    for start, end in tokens:
        while current < len(spans) and spans[current][1] <= start:
            current += 1
        trained = current < len(spans) and spans[current][0] < max(end, start + 1)
        if trained != state and count:
            yield CountedSegment(count, state)
            count = 0
        state, count = trained, count + 1
    if count:
        yield CountedSegment(count, state)


def _pieces(rendered: RenderedRecord) -> Iterator[tuple[int, int, bool]]:
    at = 0
    for start, end in rendered.trained:
        if start > at:
            yield at, start, False
        yield start, end, True
        at = end
    if at < len(rendered.text):
        yield at, len(rendered.text), False
