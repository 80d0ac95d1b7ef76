"""Tests of single turns: role, content, parts, images, weights, names."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar, Final, Literal

from ftaudit.profiles.json_line import strings
from ftaudit.profiles.profiled_record import ABSENT, ContentPart, ProfiledRecord, Turn
from ftaudit.profiles.rule_place import RulePlace, TestModel, is_kind, kind_of, listed, matches

When = Literal["never", "with-call", "assistant", "always"]
"""When null or no content at all is accepted; `assistant`: in turns of the assistant."""


class KnownRole(TestModel):
    """A turn has a role, and it is one of `roles`."""

    test: Literal["known-role"]
    roles: tuple[str, ...]
    missing: bool = True
    """A turn without a role, or whose role is no text, is found too."""
    unknown: bool = True
    """A turn with another role is found."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns without a role, or with another."""
        for turn in self.turns(record):
            role, path = turn.role, f"{turn.path}.{turn.layout.role}"
            if not isinstance(role, str):
                if self.missing:
                    yield RulePlace(path, f"expected {listed(self.roles)}, not {kind_of(role)}")
            elif self.unknown and role not in self.roles:
                yield RulePlace(path, f"expected {listed(self.roles)}")


class DeprecatedRole(TestModel):
    """A turn's role is not one of `roles`, which are accepted still."""

    test: Literal["deprecated-role"]
    roles: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns of these roles."""
        for turn in self.turns(record):
            if turn.role in self.roles:
                yield RulePlace(turn.path, f"the role {turn.role} is an old form")


class ContentKind(TestModel):
    """The content of a turn is of one of `kinds`; null or missing only where that is allowed."""

    test: Literal["content-kind"]
    kinds: tuple[Literal["string", "parts"], ...] = ("string", "parts")
    if_null: When = "never"
    if_missing: When = "never"
    wrong: bool = True
    """Content of another kind is found."""
    roles: tuple[str, ...] = ()
    """Only turns of these roles; none: all."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns whose content is of another kind."""
        for turn in self.turns(record):
            if (not self.roles or turn.role in self.roles) and not self._accepts(turn):
                detail = f"expected {listed(self.kinds)}, not {kind_of(turn.content)}"
                yield RulePlace(turn.content_path, detail)

    def _accepts(self, turn: Turn) -> bool:
        content = turn.content
        if content is None:
            return _holds(self.if_null, turn)
        if content is ABSENT:
            return _holds(self.if_missing, turn)
        return not self.wrong or any(is_kind(content, kind) for kind in self.kinds)


def _holds(when: When, turn: Turn) -> bool:
    match when:
        case "always":
            return True
        case "never":
            return False
        case "assistant":
            return turn.role == "assistant"
        case "with-call":
            return turn.role == "assistant" and turn.has_call()


class ContentText(TestModel):
    """Turns of `roles` hold some text, or a call."""

    test: Literal["content-text"]
    roles: tuple[str, ...] = ("assistant",)
    blank: bool = False
    """Text of nothing but white space is found too."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns whose text is empty, or whose list of parts is."""
        for turn in self.turns(record):
            if turn.role in self.roles and not turn.has_call() and self._empty(turn):
                yield RulePlace(turn.content_path, "expected some text")

    def _empty(self, turn: Turn) -> bool:
        content = turn.content
        if isinstance(content, str):
            return not (content.strip() if self.blank else content)
        if not isinstance(content, list):
            return False
        parts = list(turn.parts())
        texts = [text for _, text in turn.texts()]
        return len(texts) == len(parts) and not "".join(texts)


class ContentBesideCall(TestModel):
    """A turn that calls a tool has no content."""

    test: Literal["no-content-beside-call"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns that have both."""
        for turn in self.turns(record):
            if turn.has_call() and turn.content is not ABSENT and turn.content:
                yield RulePlace(turn.content_path, "expected no content beside a call")


class OneContent(TestModel):
    """A turn has only one of the keys that hold content."""

    test: Literal["one-content"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns that have two."""
        for turn in self.turns(record):
            present = [key for key in turn.layout.content if key in turn.value]
            if len(present) > 1:
                detail = f"expected only one of {listed(turn.layout.content, 'and')}"
                yield RulePlace(f"{turn.path}.{present[1]}", detail)


class UniformContent(TestModel):
    """The contents of a conversation are all texts or all lists of parts."""

    test: Literal["uniform-content"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the first turn whose content is of the other kind."""
        for conversation in record.conversations:
            turns = [turn for turn in conversation.turns if turn.content not in _NOTHING]
            for turn in turns[1:]:
                first = kind_of(turns[0].content)
                if kind_of(turn.content) != first:
                    detail = f"expected {first} as in the turns before"
                    yield RulePlace(turn.content_path, detail)
                    break


_NOTHING: Final[tuple[object, ...]] = (ABSENT, None, "", [])


class KnownParts(TestModel):
    """Every part of a list of content is an object of a known kind that holds what it should."""

    test: Literal["known-parts"]
    parts: Mapping[str, str]
    """Kind of part → the kind of value (`record_layout.ValueKind`) under the key of that name."""
    roles: tuple[str, ...] = ()
    """Only in turns of these roles; none: in all."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield parts of another kind, and parts that do not hold what their kind says."""
        for turn in self.turns(record):
            if not self.roles or turn.role in self.roles:
                for part in turn.parts():
                    yield from self._of(part)

    def _of(self, part: ContentPart) -> Iterator[RulePlace]:
        expected = self.parts.get(part.kind) if part.kind else None
        if expected is None or not isinstance(part.value, dict):
            yield RulePlace(part.path, f"expected a part of {listed(tuple(self.parts))}")
        elif not is_kind(part.value.get(str(part.kind), ABSENT), expected):
            yield RulePlace(f"{part.path}.{part.kind}", f"expected {expected}")


_IMAGE_KINDS: Final = frozenset(
    {"image_url", "image", "video", "document", "fileData", "inlineData"}
)


class ImageRole(TestModel):
    """Images, videos and files stand in turns of `roles` only."""

    test: Literal["image-role"]
    roles: tuple[str, ...] = ("user",)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield images in turns of other roles."""
        for turn in self.turns(record):
            if turn.role not in self.roles:
                for part in turn.parts():
                    if part.kind in _IMAGE_KINDS:
                        yield RulePlace(part.path, f"expected images of {listed(self.roles)} only")


class ImageAddress(TestModel):
    """The address of an image begins as one of `starts`, and is no longer than `max_bytes` say."""

    triggers: ClassVar[frozenset[str]] = _IMAGE_KINDS
    test: Literal["image-address"]
    starts: tuple[str, ...]
    max_bytes: int | None = None
    """Most bytes of an image that is written as base64."""

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield images with another address, or that are too large."""
        for turn in self.turns(record):
            for part in turn.parts():
                if part.kind in _IMAGE_KINDS:
                    yield from self._of(part)

    def _of(self, part: ContentPart) -> Iterator[RulePlace]:
        address = _address(part)
        if not isinstance(address, str):
            yield RulePlace(part.path, f"expected an address, not {kind_of(address)}")
        elif not address.startswith(self.starts):
            yield RulePlace(
                part.path, f"expected an address that begins with {listed(self.starts)}"
            )
        elif self.max_bytes and address.startswith("data:"):
            size = (len(address) - address.find(",") - 1) * 3 // 4
            if size > self.max_bytes:
                yield RulePlace(part.path, f"expected at most {self.max_bytes:,} bytes")


def _address(part: ContentPart) -> object:
    """Return the address of an image: `image_url.url`, an S3 location, or a file's."""
    value: object = part.value
    for key in (str(part.kind), "source", "s3Location"):
        if isinstance(value, dict) and key in value:
            value = value[key]
    if isinstance(value, dict):
        value = next((value[key] for key in ("url", "uri", "fileUri") if key in value), ABSENT)
    return value


class ImageCount(TestModel):
    """A record has at most `at_most` images, or parts of `kinds`."""

    triggers: ClassVar[frozenset[str]] = _IMAGE_KINDS
    test: Literal["image-count"]
    at_most: int
    kinds: tuple[str, ...] = ()
    """Kinds of parts that count; none: all that show something."""

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the first image beyond."""
        counted = frozenset(self.kinds) or _IMAGE_KINDS
        parts = (part for turn in self.turns(record) for part in turn.parts())
        images = [part for part in parts if part.kind in counted]
        if len(images) > self.at_most:
            noun = listed(self.kinds) or "image"
            plural = "" if self.at_most == 1 else "s"
            detail = f"expected at most {self.at_most} {noun}{plural}, not {len(images)}"
            yield RulePlace(images[self.at_most].path, detail)


class PartsNotTogether(TestModel):
    """A turn does not hold parts of `kinds` together."""

    test: Literal["parts-not-together"]
    kinds: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield turns that hold two of the kinds."""
        for turn in self.turns(record):
            present = {part.kind for part in turn.parts()} & set(self.kinds)
            if len(present) > 1:
                yield RulePlace(turn.content_path, f"expected only one of {listed(self.kinds)}")


class WeightValue(TestModel):
    """A weight is 0 or 1."""

    test: Literal["weight-value"]
    accepts: Literal["integer", "boolean", "number"] = "integer"
    """An integer only; true and false too; or floats as well, as Python compares them."""
    accepts_null: bool = False
    roles: tuple[str, ...] = ()
    """Only turns of these roles; none: all."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield every other weight."""
        for turn in self.turns(record):
            if self.roles and turn.role not in self.roles:
                continue
            if "weight" in turn.value and not self._accepts(turn.value["weight"]):
                yield RulePlace(f"{turn.path}.weight", "expected the integer 0 or 1")

    def _accepts(self, weight: object) -> bool:
        if weight is None:
            return self.accepts_null
        types: dict[str, tuple[type, ...]] = {"integer": (int,), "boolean": (int, bool)}
        allowed = types.get(self.accepts, (int, bool, float))
        return type(weight) in allowed and weight in (0, 1)


class WeightRole(TestModel):
    """Turns of `roles` alone have a weight."""

    test: Literal["weight-role"]
    roles: tuple[str, ...] = ("assistant",)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield weights on other turns."""
        for turn in self.turns(record):
            if "weight" in turn.value and turn.role not in self.roles:
                detail = f"expected a weight on {listed(self.roles)} only"
                yield RulePlace(f"{turn.path}.weight", detail)


class WeightBesideImage(TestModel):
    """A turn with images has no weight but 0."""

    test: Literal["no-weight-beside-image"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield weights of turns with images."""
        for turn in self.turns(record):
            if turn.value.get("weight", 0) != 0 and any(
                part.kind in _IMAGE_KINDS for part in turn.parts()
            ):
                yield RulePlace(f"{turn.path}.weight", "expected no weight on a turn with images")


class TrainedTurn(TestModel):
    """Not every turn of `roles` has the weight 0."""

    test: Literal["trained-turn"]
    roles: tuple[str, ...] = ("assistant",)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield conversations of which nothing is trained."""
        for conversation in record.conversations:
            turns = [turn for turn in conversation.turns if turn.role in self.roles]
            weights = [turn.value.get("weight", 1) for turn in turns]
            if turns and all(type(weight) in (int, float) and weight == 0 for weight in weights):
                yield RulePlace(conversation.path, "every answer has the weight 0: none is trained")


class LastAnswerOnly(TestModel):
    """With tools, only the last answer is trained: an earlier one with text is not."""

    test: Literal["last-answer-only"]
    keys: tuple[str, ...] = ("tools",)
    """Keys whose non-empty lists make it so."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield earlier answers that hold text."""
        if not any(record.value.get(key) for key in self.keys):
            return
        for conversation in record.conversations:
            answers = [turn for turn in conversation.turns if turn.role == "assistant"]
            for turn in answers[:-1]:
                if isinstance(turn.content, str) and turn.content:
                    yield RulePlace(turn.path, "is not trained: with tools only the last answer is")


LONGEST_NAME: Final = 64
"""Characters of a name at most."""


class NamePattern(TestModel):
    """The `name` of a turn is text that a regular expression matches."""

    triggers: ClassVar[frozenset[str]] = frozenset({"name"})
    test: Literal["name-pattern"]
    pattern: str = "[a-zA-Z0-9_-]{1,64}"
    roles: tuple[str, ...] = ()
    accepts_null: bool = True

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Names alone decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield names of another form."""
        for turn in self.turns(record):
            name = turn.value.get("name", ABSENT)
            if name is ABSENT or (name is None and self.accepts_null):
                continue
            if (not self.roles or turn.role in self.roles) and not matches(self.pattern, name):
                yield RulePlace(f"{turn.path}.name", "expected letters, digits, _ and -, up to 64")


_PLAIN_TOKEN: Final = re.compile(r"[!#-\[\]-~ ]+")
"""ASCII that JSON may write as it is: neither quotes nor backslashes."""
_DISGUISE: Final = rb"\\u00|\\/|\\u01[37]|\\u212|" + "|".join("\u0130\u0131\u017f\u212a").encode()
"""Escapes of ASCII, and the letters outside it that equal one of ASCII in another case."""


class ReservedTokens(TestModel):
    """No text of the record holds one of `tokens`, in any case."""

    test: Literal["reserved-tokens"]
    tokens: tuple[str, ...]
    skip: tuple[str, ...] = ()
    """Top-level keys whose texts do not count."""

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def trace(self) -> re.Pattern[bytes] | None:
        """One of the tokens, or what may hide a character of one."""
        return self._trace

    @cached_property
    def _trace(self) -> re.Pattern[bytes] | None:
        if not all(_PLAIN_TOKEN.fullmatch(token) for token in self.tokens):
            return None
        tokens = [re.escape(token.encode()) for token in self.tokens]
        return re.compile(b"|".join((*tokens, _DISGUISE)), re.IGNORECASE)

    @cached_property
    def _search(self) -> re.Pattern[str]:
        tokens = (f"({re.escape(token)})" for token in self._longest)
        return re.compile("|".join(tokens), re.IGNORECASE)

    @cached_property
    def _longest(self) -> tuple[str, ...]:
        return tuple(sorted(self.tokens, key=len, reverse=True))

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the texts that hold one, and which."""
        for key, value in record.value.items():
            if key not in self.skip:
                for path, text in strings(value, key):
                    token = self._search.search(text)
                    if token:
                        name = self._longest[(token.lastindex or 1) - 1]
                        yield RulePlace(path, f"holds the reserved text {name}")
