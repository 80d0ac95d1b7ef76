"""Tests of a record's own keys and of the order of its turns."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

from ftaudit.profiles.profiled_record import ABSENT, Conversation, ProfiledRecord
from ftaudit.profiles.record_layout import ValueKind
from ftaudit.profiles.rule_place import RulePlace, TestModel, is_kind, kind_of, listed, parsed_json


class KnownLayout(TestModel):
    """The record has the keys of one of the profile's layouts."""

    test: Literal["known-layout"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the record itself when no layout fits."""
        if record.layout is None:
            yield RulePlace("", "has the keys of no kind of record that is accepted")


class ExclusiveKeys(TestModel):
    """At most one of `keys` stands in the record."""

    test: Literal["exclusive-keys"]
    keys: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the second of the keys that stand there together."""
        present = [key for key in self.keys if key in record.value]
        for key in present[1:]:
            yield RulePlace(key, f"expected only one of {listed(self.keys, 'and')}")


class OnlyKeys(TestModel):
    """The record has no keys but those of its layout."""

    test: Literal["only-keys"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield every other key."""
        if record.layout is None:
            return
        allowed = {*record.layout.keys, *record.layout.also}
        for key in record.value:
            if key not in allowed:
                yield RulePlace(key, "a key that is not accepted beside the others")


class OnlyTurnKeys(TestModel):
    """A turn has no keys but `keys`."""

    test: Literal["only-turn-keys"]
    keys: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield every other key of a turn."""
        for turn in self.turns(record):
            for key in turn.value:
                if key not in self.keys:
                    yield RulePlace(f"{turn.path}.{key}", "a key that a turn may not have")


class KeyOrder(TestModel):
    """The keys of the record, and of every turn, that are listed stand in this order."""

    test: Literal["key-order"]
    record: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the record, and each turn, with keys in another order."""
        objects = {"": record.value} | {turn.path: turn.value for turn in self.turns(record)}
        for path, value in objects.items():
            order = self.order_at(path)
            if [k for k in value if k in order] != [k for k in order if k in value]:
                yield RulePlace(path, f"expected the keys {listed(order, 'and')} in this order")

    def order_at(self, path: str) -> tuple[str, ...]:
        """Return the keys of the record, at the path "", or of a turn."""
        return self.turn if path else self.record


class FieldKind(TestModel):
    """The value at a dotted path is of one of `kinds`."""

    test: Literal["field"]
    at: str
    kinds: tuple[ValueKind, ...]
    optional: bool = True
    """The key may be missing."""
    layouts: tuple[str, ...] = ()
    """Only records of these layouts; none: all."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the path when something else stands there."""
        if self.layouts and (record.layout is None or record.layout.name not in self.layouts):
            return
        value = record.at(self.at)
        if value is ABSENT and self.optional:
            return
        if not any(is_kind(value, kind) for kind in self.kinds):
            yield RulePlace(self.at, f"expected {listed(self.kinds)}, not {kind_of(value)}")


class FieldEmpty(TestModel):
    """The list or text at a dotted path is empty or missing."""

    test: Literal["field-empty"]
    at: str

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the path when something stands there."""
        value = record.at(self.at)
        if value is not ABSENT and value:
            yield RulePlace(self.at, "is not empty")


class WithoutKeys(TestModel):
    """None of `keys` stands in the record."""

    test: Literal["without-keys"]
    keys: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield each of the keys that stands in the record."""
        for key in self.keys:
            if key in record.value:
                yield RulePlace(key, "an old form")


class EqualLengths(TestModel):
    """The lists at the dotted paths are equally long."""

    test: Literal["equal-lengths"]
    at: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the first list whose length is not that of the first."""
        lengths = [
            len(value) if isinstance(value, list) else -1 for value in map(record.at, self.at)
        ]
        if len(set(lengths)) > 1:
            yield RulePlace(self.at[-1], f"expected as many items as in {self.at[0]}")


class SameKind(TestModel):
    """The values at the dotted paths are all texts or all lists of turns."""

    test: Literal["same-kind"]
    at: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the first path whose kind is not that of the first."""
        present = [(path, record.at(path)) for path in self.at]
        kinds = [(path, kind_of(value)) for path, value in present if value is not ABSENT]
        for path, kind in kinds[1:]:
            if kind != kinds[0][1]:
                yield RulePlace(path, f"expected {kinds[0][1]} as in {kinds[0][0]}, not {kind}")
                return


class TurnList(TestModel):
    """The turns are a list of objects, at least `at_least` of them."""

    test: Literal["turn-list"]
    at_least: int = 1
    json_text: bool = False
    """The list may be written as JSON text."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield what stands in place of a list, and items that are no objects."""
        for conversation in record.conversations:
            if not self.of or conversation.role in self.of:
                yield from self._of(conversation)

    def _of(self, conversation: Conversation) -> Iterator[RulePlace]:
        value = conversation.value
        if isinstance(value, str) and self.json_text:
            return
        if not isinstance(value, list):
            yield RulePlace(conversation.path, f"expected a list of turns, not {kind_of(value)}")
        elif len(value) < self.at_least:
            detail = f"expected at least {self.at_least} turns, not {len(value)}"
            yield RulePlace(conversation.path, detail)
        for i, item in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(item, dict):
                detail = f"expected an object, not {kind_of(item)}"
                yield RulePlace(f"{conversation.path}[{i}]", detail)


class TurnsText(TestModel):
    """Text in place of a list of turns is JSON of one."""

    test: Literal["turns-text"]

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    def undecided(self, record: ProfiledRecord) -> bool:
        """Return whether text stands in place of turns."""
        return any(isinstance(conversation.value, str) for conversation in record.conversations)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield text that is not JSON of a list."""
        for conversation in record.conversations:
            value = conversation.value
            if isinstance(value, str) and not isinstance(parsed_json(value), list):
                yield RulePlace(conversation.path, "expected JSON text of a list of turns")


class TextItems(TestModel):
    """A list holds objects with a text each; it stands wherever the object that it is in does."""

    test: Literal["text-items"]
    at: str
    """Dotted path of the list."""
    key: str = "text"

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield what stands in place of the list, and items without a text."""
        above, _, _ = self.at.rpartition(".")
        value = record.at(self.at)
        if value is ABSENT and (not above or not isinstance(record.at(above), dict)):
            return
        if not isinstance(value, list):
            yield RulePlace(self.at, f"expected a list, not {kind_of(value)}")
            return
        for i, item in enumerate(value):
            text = item.get(self.key, ABSENT) if isinstance(item, dict) else item
            if not isinstance(item, dict) or not is_kind(text, "text"):
                yield RulePlace(f"{self.at}[{i}]", f"expected an object with a {self.key}")


class HasRole(TestModel):
    """A conversation has at least one turn of one of `roles`."""

    test: Literal["has-role"]
    roles: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the conversations that have none."""
        for conversation in _conversations(self, record):
            if not any(turn.role in self.roles for turn in conversation.turns):
                yield RulePlace(conversation.path, f"no turn of the role {listed(self.roles)}")


class FirstRole(TestModel):
    """A conversation begins with a turn of one of `roles`."""

    test: Literal["first-role"]
    roles: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield first turns of another role."""
        for conversation in _conversations(self, record):
            turn = conversation.turns[0]
            if turn.role not in self.roles:
                yield RulePlace(turn.path, f"expected {listed(self.roles)} first")


class LastRole(TestModel):
    """A conversation ends with a turn of one of `roles`."""

    test: Literal["last-role"]
    roles: tuple[str, ...]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield last turns of another role."""
        for conversation in _conversations(self, record):
            turn = conversation.turns[-1]
            if turn.role not in self.roles:
                yield RulePlace(turn.path, f"expected {listed(self.roles)} last")


class RoleOrder(TestModel):
    """After a turn of one role comes a turn of one of the roles that may follow it."""

    test: Literal["role-order"]
    after: Mapping[str, tuple[str, ...]]
    """Role → the roles that may follow; roles that are not keys may be followed by any."""
    ignore: tuple[str, ...] = ()
    """Roles whose turns are taken out before."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the first turn of a conversation that may not follow the one before it."""
        for conversation in _conversations(self, record):
            yield from self._of(conversation)

    def _of(self, conversation: Conversation) -> Iterator[RulePlace]:
        turns = [turn for turn in conversation.turns if turn.role not in self.ignore]
        for before, turn in pairwise(turns):
            role, next_role = before.role, turn.role
            if not isinstance(role, str) or not isinstance(next_role, str):
                continue
            allowed = self.after.get(role)
            if allowed is not None and next_role not in allowed and next_role in self.after:
                detail = f"after {role} expected {listed(allowed)}, not {next_role}"
                yield RulePlace(turn.path, detail)
                return


class OnlyFirst(TestModel):
    """Turns of `role` stand nowhere but first."""

    test: Literal["only-first"]
    role: str = "system"

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield every later turn of the role."""
        for turn in self.turns(record):
            if turn.number and turn.role == self.role:
                yield RulePlace(turn.path, f"expected a {self.role} turn to stand first only")


class AtMostOne(TestModel):
    """A conversation has at most one turn of `role`."""

    test: Literal["at-most-one"]
    role: str = "system"

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield every further turn of the role."""
        for conversation in _conversations(self, record):
            turns = [turn for turn in conversation.turns if turn.role == self.role]
            for turn in turns[1:]:
                yield RulePlace(turn.path, f"expected one {self.role} turn at most")


class AnswerTurns(TestModel):
    """An answer has a number of turns within bounds, of the right roles."""

    test: Literal["answer-turns"]
    at_least: int = 1
    at_most: int | None = None
    roles: tuple[str, ...] = ("assistant",)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield answers that are no lists, too short, too long, or hold other roles."""
        for conversation in record.conversations:
            if conversation.role == "answer":
                yield from self._of(conversation)

    def _of(self, conversation: Conversation) -> Iterator[RulePlace]:
        count = len(conversation.value) if isinstance(conversation.value, list) else -1
        high = self.at_most if self.at_most is not None else count
        if not self.at_least <= count <= high:
            bounds = (
                f"{self.at_least}" if self.at_most == self.at_least else f"{self.at_least} or more"
            )
            yield RulePlace(conversation.path, f"expected a list of {bounds} turns")
        for turn in conversation.turns:
            if turn.role not in self.roles:
                yield RulePlace(turn.path, f"expected a turn of {listed(self.roles)}")


class PreferredCandidates(TestModel):
    """The last turn offers candidates, of which some are preferred and some are not."""

    test: Literal["candidates"]
    labels: tuple[str, ...] = ("preferred", "non-preferred")

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield the last turn when its candidates do not hold every label."""
        for conversation in _conversations(self, record):
            turn = conversation.turns[-1]
            candidates = turn.value.get("candidates")
            items = candidates if isinstance(candidates, list) else []
            labels = {item.get("preferenceLabel") for item in items if isinstance(item, dict)}
            if len(items) < 2 or not set(self.labels) <= labels:
                detail = f"expected two or more candidates, {listed(self.labels, 'and')}"
                yield RulePlace(f"{turn.path}.candidates", detail)


def _conversations(test: TestModel, record: ProfiledRecord) -> Iterator[Conversation]:
    """Yield the conversations that a test looks at and that have a turn."""
    for conversation in record.conversations:
        if conversation.turns and (not test.of or conversation.role in test.of):
            yield conversation
