"""One record, opposite verdicts: what one service takes and another refuses."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ftaudit.profiles.profile_catalogue import load_profile
from ftaudit.profiles.profile_judge import ProfileJudge
from ftaudit.profiles.profiled_record import JsonObject
from ftaudit.profiles.provider_profile import ProviderProfile

COMPARED: Final = (
    "openai",
    "azure-openai",
    "together",
    "fireworks",
    "mistral",
    "trl-sft",
    "axolotl",
    "llamafactory",
    "torchtune",
)
"""Profiles that take chats in OpenAI's form."""

_USER: Final = {"role": "user", "content": "Where is order A17?"}
_ANSWER: Final = {"role": "assistant", "content": "It was shipped."}


def _chat(*turns: object, **keys: object) -> JsonObject:
    return {"messages": list(turns), **keys}


def _call(arguments: object, id_: str = "call00001") -> JsonObject:
    function = {"name": "get_order", "arguments": arguments}
    call = {"id": id_, "type": "function", "function": function}
    reply = {"role": "tool", "tool_call_id": id_, "content": "sent"}
    turn = {"role": "assistant", "content": None, "tool_calls": [call]}
    return _chat(_USER, turn, reply, _ANSWER)


def _image(url: str) -> JsonObject:
    parts = [{"type": "image_url", "image_url": {"url": url}}]
    text = [{"type": "text", "text": "A dot."}]
    return _chat({"role": "user", "content": parts}, {"role": "assistant", "content": text})


RECORDS: Final[dict[str, JsonObject]] = {
    "two turns, text": _chat(_USER, _ANSWER),
    "two users in a row": _chat(_USER, _USER, _ANSWER),
    "two assistants in a row": _chat(_USER, _ANSWER, _ANSWER),
    "the user has the last word": _chat(_USER, _ANSWER, _USER),
    "no turn of the assistant": _chat(_USER),
    "the role developer": _chat({"role": "developer", "content": "Be brief."}, _USER, _ANSWER),
    "an unknown role": _chat(_USER, {**_ANSWER, "role": "bot"}),
    "a system turn in the middle": _chat(_USER, {"role": "system", "content": "x"}, _ANSWER),
    "an answer that is empty": _chat(_USER, {**_ANSWER, "content": ""}),
    "an answer that is null": _chat(_USER, {**_ANSWER, "content": None}),
    "a key beside messages": _chat(_USER, _ANSWER, id=7),
    "another key in a turn": _chat(_USER, {**_ANSWER, "timestamp": "2026-01-01"}),
    "a weight on the user's turn": _chat({**_USER, "weight": 0}, _ANSWER),
    "a weight of true": _chat(_USER, {**_ANSWER, "weight": True}),
    "a weight of 2": _chat(_USER, {**_ANSWER, "weight": 2}),
    "one turn of parts, one of text": _chat(
        {"role": "user", "content": [{"type": "text", "text": "x"}]}, _ANSWER
    ),
    "an image by http": _image("https://example.com/dot.png"),
    "an image in the record": _image("data:image/png;base64,iVBORw0KGgo="),
    "a call, its arguments as text": _call('{"id": "A17"}'),
    "a call, its arguments as an object": _call({"id": "A17"}),
    "a call, its arguments empty": _call(""),
    "a call whose id is not of nine letters": _call('{"id": "A17"}', "call_1"),
    "messages as JSON text": {"messages": "[]"},
}
"""Name → a record."""


class ProfileVerdict(NamedTuple):
    """What a profile says of a record."""

    word: str
    """`takes`, `refuses`, `crashes`, `drops`, `takes, but`."""
    rules: tuple[str, ...]
    """The rules that say so."""


def differences() -> Iterator[tuple[str, list[ProfileVerdict]]]:
    """Yield every record with the verdict of each of `COMPARED`."""
    judges = [ProfileJudge(load_profile(name)) for name in COMPARED]
    for name, record in RECORDS.items():
        yield name, [_verdict(judge, record) for judge in judges]


def _verdict(judge: ProfileJudge, record: JsonObject) -> ProfileVerdict:
    violations = judge.record(record).violations
    words = {"crashes": "crashes", "rejects-file": "refuses", "skips-silently": "drops"}
    for effect, word in words.items():
        rules = {v.rule.rule for v in violations if v.rule.invalid and v.rule.effect == effect}
        if rules:
            return ProfileVerdict(word, tuple(sorted(rules)))
    rules = {v.rule.rule for v in violations}
    return ProfileVerdict("takes, but" if rules else "takes", tuple(sorted(rules)))


def lines_differ() -> Iterator[tuple[str, list[str]]]:
    """Yield flaws of lines and files, and whether each of `COMPARED` takes them."""
    profiles = [load_profile(name) for name in COMPARED]
    for rule in ("bom", "blank-line", "duplicate-key", "surrogate", "number", "too-few"):
        yield rule, [_of_rule(profile, rule) for profile in profiles]


def _of_rule(profile: ProviderProfile, rule: str) -> str:
    words = {
        "rejects-file": "refuses",
        "crashes": "crashes",
        "none": "takes",
        "trains-wrong": "takes, but",
    }
    effects = [
        words.get(r.effect, r.effect)
        for r in profile.rules
        if r.rule == rule and r.confidence != "low"
    ]
    return effects[0] if effects else "takes"
