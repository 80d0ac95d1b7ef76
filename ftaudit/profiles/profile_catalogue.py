"""Find a profile by name, or read a file of the user's own."""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from ftaudit.model.documents import parse_document, read_text
from ftaudit.model.errors import InputError, suggestion
from ftaudit.profiles.provider_profile import ProviderProfile, laid_over


@cache
def built_in() -> tuple[str, ...]:
    """Return the names of the profiles that ship, sorted."""
    folder = resources.files("ftaudit.profiles") / "builtin"
    names = [entry.name for entry in folder.iterdir()]
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def load_profile(name: str) -> ProviderProfile:
    """Return a built-in profile by name, or the user's file, laid over the one it extends.

    Raises:
        InputError: neither a built-in name nor a readable file, or not what a profile is; names
            the line.
    """
    if name in built_in():
        return _shipped(name)
    if not Path(name).exists():
        problem = f"there is no such profile{suggestion(name, built_in())}"
        raise InputError(name, problem, remedy="`ftaudit profiles` lists them; or name a file")
    return _parsed(read_text(name, kind="profile"), name)


def least_limit(names: Sequence[str]) -> ProviderProfile | None:
    """Return the profile that keeps the fewest tokens, or the first where none has a limit.

    Raises:
        InputError: as `load_profile` does.
    """
    profiles = sorted(map(load_profile, names), key=lambda profile: profile.profile)
    limited = [profile for profile in profiles if profile.tokens is not None]
    if not limited:
        return profiles[0] if profiles else None
    return min(limited, key=lambda profile: profile.tokens.at_most if profile.tokens else 0)


@cache
def _shipped(name: str) -> ProviderProfile:
    folder = resources.files("ftaudit.profiles") / "builtin"
    return _parsed((folder / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")


def _parsed(text: str, name: str) -> ProviderProfile:
    profile = parse_document(text, ProviderProfile, name=name, kind="profile")
    if profile.extends is None:
        return profile
    if profile.extends not in built_in():
        hint = suggestion(profile.extends, built_in())
        raise InputError(name, f"extends names no built-in profile: {profile.extends}{hint}")
    return laid_over(_shipped(profile.extends), profile)
