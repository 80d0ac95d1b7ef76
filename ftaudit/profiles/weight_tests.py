"""Tests of weights of turns, and of what is trained."""

from collections.abc import Iterator
from typing import Literal

from ftaudit.profiles.part_tests import IMAGE_KINDS
from ftaudit.profiles.profiled_record import ProfiledRecord
from ftaudit.profiles.rule_place import RulePlace, TestModel, listed


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
                part.kind in IMAGE_KINDS for part in turn.parts()
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
