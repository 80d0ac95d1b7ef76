"""The profile of audited data: exact counts for later comparisons, without any text of it.

Names of classes are kept as digests: data that comes later is digested likewise, so that shares
compare although nobody can read the names back. With a key (HMAC) nobody can guess them either.
Manifests hold the profile's SHA-256; the charts of a manifest are rounded shares, no base for a
test.
"""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import shown_json
from ftaudit.wire.manifest import Manifest, Wire

PROFILE_FILE: Final = "profile.json"
CONFIGURATION: Final = "profile"
"""Key of the manifest's configuration under which the digest stands."""
OPEN_TOPICS: Final = frozenset({"kind", "input", "output"})
"""Topics whose names are ours (kinds, lengths), not the data's: they stand in clear."""

Count = Annotated[int, msgspec.Meta(ge=0)]


class DataProfile(Wire, frozen=True, kw_only=True):
    """Exact counts: topic → split → name → rows."""

    schema: Literal["ftaudit.profile/v1"] = "ftaudit.profile/v1"
    keyed: bool
    """Whether names are digested with a key."""
    tallies: dict[str, dict[str, dict[str, Count]]]

    @property
    def sha256(self) -> str:
        """Digest of the profile's file."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()

    def counts(self, topic: str, split: str) -> dict[str, int]:
        """Return name → rows; empty where nothing was counted."""
        return dict(self.tallies.get(topic, {}).get(split, {}))

    def record(self) -> dict[str, object]:
        """Return what the manifest's configuration holds of it."""
        return {"sha256": self.sha256, "keyed": self.keyed}


def profile_of(
    tallies: Mapping[str, Mapping[str, Mapping[str, int]]], key: bytes | None = None
) -> DataProfile:
    """Return the profile of counts, names digested."""
    return DataProfile(
        keyed=key is not None,
        tallies={
            topic: {
                split: {
                    name if topic in OPEN_TOPICS else digested(name, key): rows
                    for name, rows in names.items()
                }
                for split, names in splits.items()
            }
            for topic, splits in tallies.items()
        },
    )


def digested(name: str, key: bytes | None = None) -> str:
    """Return the digest that stands for a name: 32 hexadecimal digits."""
    data = name.encode()
    if key is None:
        return hashlib.sha256(data).hexdigest()[:32]
    return hmac.new(key, data, hashlib.sha256).hexdigest()[:32]


def to_json(profile: DataProfile) -> str:
    """Serialise with sorted keys: equal profiles give equal bytes."""
    value = msgspec.to_builtins(profile)
    return shown_json(value) + "\n"


def load_profile(path: Path, manifest: Manifest) -> DataProfile:
    """Read the profile that a manifest names.

    Raises:
        InputError: unreadable, or the audit wrote none.
        IntegrityError: it is not the one that the manifest names.
    """
    recorded = manifest.predicate.configuration.get(CONFIGURATION)
    expected = recorded.get("sha256") if isinstance(recorded, Mapping) else None
    if expected is None:
        remedy = "Audit the data again: this version writes a profile beside the manifest"
        raise InputError(path, "the manifest names no profile", remedy=remedy)
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = f"the profile cannot be read ({error.strerror})"
        raise InputError(path, problem, remedy="Keep it beside the manifest") from None
    if hashlib.sha256(data).hexdigest() != expected:
        raise IntegrityError(f"{path}: not the profile that the manifest names")
    try:
        return msgspec.json.decode(data, type=DataProfile)
    except (msgspec.ValidationError, msgspec.DecodeError):
        raise IntegrityError(f"{path}: not a profile of version 1") from None
