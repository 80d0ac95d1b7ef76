"""A profile as text for people: what it wants, how that is known, and what comes of a violation."""

from collections.abc import Iterator
from typing import Final

from ftaudit.profiles.provider_profile import ProfileRule, ProviderProfile

_EFFECTS: Final = {
    "rejects-file": "refuses the file",
    "crashes": "crashes",
    "skips-silently": "drops the record unsaid",
    "truncates": "cuts the record",
    "trains-wrong": "trains something else",
    "none": "nothing",
}
_TRAINS: Final = {
    "all": "every token, the user's too",
    "answers": "the answers",
    "last-answer": "the last answer",
    "last-answer-with-tools": "the answers; with tools the last one only",
}


def profile_text(profile: ProviderProfile) -> str:
    """Return a profile as plain text."""
    return "\n".join(_lines(profile))


def _lines(profile: ProviderProfile) -> Iterator[str]:
    yield f"# {profile.profile} (version {profile.version}, read {profile.seen})"
    yield ""
    yield f"{profile.title}."
    if profile.retired:
        yield f"Not for new work: {profile.retired}."
    yield ""
    yield "Records"
    yield ""
    for layout in profile.layouts:
        beside = f"; beside them {', '.join(layout.also)}" if layout.also else ""
        yield f"  {layout.name}: {', '.join(layout.keys)}{beside}"
    yield ""
    yield f"Trained: {_TRAINS[profile.trains]}."
    if profile.tokens is not None:
        limit = profile.tokens
        note = f" ({limit.note})" if limit.note else ""
        yield f"Limit: {limit.at_most:,} tokens{note}; beyond it {_EFFECTS[limit.effect]}."
    yield ""
    yield "Rules"
    yield ""
    for rule in profile.rules:
        yield from _rule(rule, profile)
    yield "Sources"
    yield ""
    used = sorted({rule.source for rule in profile.rules})
    yield from (f"  {source}: {profile.sources.get(source, '')}" for source in used)
    if profile.notes:
        yield ""
        yield "Notes"
        yield ""
        yield from (f"  {note}" for note in profile.notes)


def _rule(rule: ProfileRule, profile: ProviderProfile) -> Iterator[str]:
    purpose = " ".join((rule.check.__doc__ or "").split())
    yield f"  {profile.rule_id(rule)} ({rule.severity}): {purpose}"
    if settings := settings_of(rule):
        yield f"    {settings}"
    seen = f", read {rule.seen}" if rule.seen else ""
    yield f"    Else: {_EFFECTS[rule.effect]}. Confidence {rule.confidence} ({rule.source}{seen})."
    if rule.fix:
        yield f"    {rule.fix}."
    yield ""


def settings_of(rule: ProfileRule) -> str:
    """Return what a rule is set to, such as `roles: user, assistant`."""
    values = rule.check.model_dump(mode="json", exclude_defaults=True, exclude={"test"})
    return "; ".join(f"{name}: {_value(value)}" for name, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} → {_value(inner)}" for key, inner in value.items())
    return str(value)
