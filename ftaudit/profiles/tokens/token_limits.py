"""Whether a record is longer than a limit, as sure as can be without counting every one."""

from typing import NamedTuple

from ftaudit.profiles.profiled_record import JsonObject, profiled
from ftaudit.profiles.provider_profile import ProviderProfile
from ftaudit.profiles.tokens.token_counter import TokenBounds, token_bounds
from ftaudit.profiles.tokens.training_text import TextSegment, segments_of


class OverLimit(NamedTuple):
    """A record that is certainly longer than the limit of a profile."""

    detail: str
    untrained: bool
    """Whether nothing that is trained can be left of it."""


def over_limit(value: JsonObject, size: int, profile: ProviderProfile) -> OverLimit | None:
    """Return by how much a record is too long, or None where that is not certain.

    Args:
        value: the decoded record.
        size: bytes of its JSON, which are never fewer than its tokens.
        profile: whose limit is meant; one without a limit cuts nothing.
    """
    limit = profile.tokens
    if limit is None or size <= limit.at_most:
        return None
    segments = segments_of(profiled(value, profile.layouts), profile.trains)
    longest = max((_least(sequence) for sequence in sequences(segments)), default=0)
    if longest <= limit.at_most:
        return None
    prompt_tokens = sum(bounds_of(segment).least for segment in segments if not segment.trained)
    detail = f"{longest:,} tokens or more, and {profile.profile} keeps {limit.at_most:,}"
    return OverLimit(detail, prompt_tokens >= limit.at_most)


def bounds_of(segment: TextSegment) -> TokenBounds:
    """Bound the tokens of a text and of what stands around it."""
    least, most = token_bounds(segment.text)
    return TokenBounds(least, most + segment.overhead)


def sequences(segments: list[TextSegment]) -> list[list[TextSegment]]:
    """Return the sequences that a record makes: one, or one for each of its answers."""
    branches = sorted({segment.branch for segment in segments} - {0})
    begin = [segment for segment in segments if not segment.branch]
    if not branches:
        return [begin]
    return [[*begin, *(s for s in segments if s.branch == branch)] for branch in branches]


def _least(segments: list[TextSegment]) -> int:
    return sum(bounds_of(segment).least for segment in segments)
