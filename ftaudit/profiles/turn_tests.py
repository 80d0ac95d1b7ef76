"""Tests of single turns: role, content, names."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar, Final, Literal

from ftaudit.profiles.json_line import strings
from ftaudit.profiles.profiled_record import ABSENT, ProfiledRecord, Turn
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
