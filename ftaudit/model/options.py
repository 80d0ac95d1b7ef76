"""Everything a caller may choose about a scan beyond its data."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from msgspec import Struct, field
from msgspec.structs import force_setattr

from ftaudit.model.errors import UsageError

THRESHOLD: Final = 0.8
"""Jaccard similarity from which texts are near-identical, unless option or policy say otherwise."""


class Options(Struct, frozen=True):
    """Everything a caller may choose about a scan beyond its data."""

    policy: str | Path = "standard"
    """A built-in policy's name, or a policy file."""
    provenance: str | Path | None = None
    """The provenance record; by default `provenance.yaml` beside the training data."""
    expectations: tuple[str, ...] = ()
    """Great Expectations suites, files or folders; by default those that ship for the format."""
    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """Canonical column (input, output, label, group, time) → the user's column."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role (context, title, choices) → the user's columns that play it."""
    ignore: tuple[str, ...] = ()
    """The user's columns that are known and not used."""
    delimiter: str | None = None
    """What stands between the cells of csv files; by default a comma, in tsv files a tab."""
    header: bool = True
    """Whether csv files begin with the names of their columns."""
    encoding: str | None = None
    """The encoding of csv files; by default UTF-8."""
    keep_going: bool = False
    """Whether records of text files that cannot be read are left out; such data never passes."""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    threshold: float | None = None
    method: Literal["auto", "exact", "minhash"] = "auto"
    shingles: Literal["auto", "char5", "word3"] = "auto"
    compare: Literal["input", "text"] = "input"
    vectors: str | Path | None = None
    """Folder of a static embedding model, which finds more rewordings."""
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Check id → parameters, laid over those of the policy."""
    workers: int | None = None
    """Processes and threads; by default the cores this process may use."""
    memory: int | None = None
    """Bytes the similarity engine may hold; by default a share of the machine's."""
    engine: Literal["local", "spark"] = "local"
    """Where the work is done; decides no result."""
    master: str | None = None
    """Address of the Spark cluster; by default the session at hand, else `local[*,4]`."""
    excerpts: bool = True
    """Whether reports show masked excerpts of rows."""
    waivers: tuple[str, ...] = ()
    """Signed waivers, as `ftaudit waive` writes them."""
    trusted_keys: tuple[str, ...] = ()
    """Public keys that waivers may be signed by."""
    profile_key: str | Path | None = None
    """A file whose bytes key the digests of class names in `profile.json`, and those of rows in
    `findings.parquet`."""
    resume: str | Path | None = None
    """A folder of your own where results of finished parts are kept, and taken from where a scan
    of the same data, checks and versions was killed; nothing of it is needed once a scan ended."""

    def __post_init__(self) -> None:
        """Take one name or a list for several; refuse what the command line would refuse.

        Raises:
            UsageError: an option has a value that it cannot have.
        """
        for option in _SEVERAL:
            value = getattr(self, option)
            names = (value,) if isinstance(value, str) else tuple(value)
            force_setattr(self, option, names)
        for option, choices in _CHOICES.items():
            if (value := getattr(self, option)) not in choices:
                listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
                raise UsageError(f"{option} is {listed}, not {value}")
        if self.threshold is not None and not 0 < self.threshold <= 1:
            raise UsageError(f"threshold is above 0 and at most 1, not {self.threshold}")
        if self.master is not None and self.engine != "spark":
            raise UsageError("master is of the spark engine: name that as engine, too")
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"workers is at least 1, not {self.workers}")


_SEVERAL: Final = ("expectations", "ignore", "only", "skip", "waivers", "trusted_keys")

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "method": ("auto", "exact", "minhash"),
        "shingles": ("auto", "char5", "word3"),
        "compare": ("input", "text"),
        "engine": ("local", "spark"),
    }
)
