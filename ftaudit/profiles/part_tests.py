"""Tests of the parts of a turn's content, images among them."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Literal

from ftaudit.profiles.profiled_record import ABSENT, ContentPart, ProfiledRecord
from ftaudit.profiles.rule_place import RulePlace, TestModel, is_kind, kind_of, listed


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


IMAGE_KINDS: Final = frozenset(
    {"image_url", "image", "video", "document", "fileData", "inlineData"}
)
"""Kinds of parts that hold an image, or another file that counts as one."""


class ImageRole(TestModel):
    """Images, videos and files stand in turns of `roles` only."""

    test: Literal["image-role"]
    roles: tuple[str, ...] = ("user",)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield images in turns of other roles."""
        for turn in self.turns(record):
            if turn.role not in self.roles:
                for part in turn.parts():
                    if part.kind in IMAGE_KINDS:
                        yield RulePlace(part.path, f"expected images of {listed(self.roles)} only")


class ImageAddress(TestModel):
    """The address of an image begins as one of `starts`, and is no longer than `max_bytes` say."""

    triggers: ClassVar[frozenset[str]] = IMAGE_KINDS
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
                if part.kind in IMAGE_KINDS:
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

    triggers: ClassVar[frozenset[str]] = IMAGE_KINDS
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
        counted = frozenset(self.kinds) or IMAGE_KINDS
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
