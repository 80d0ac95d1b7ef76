"""Versions of the libraries that decide what is found, without importing any of them."""

from typing import Final

from ftaudit.model.installed_version import installed_version

PROVEN: Final = frozenset({("2.2.366", "9.0.43")})
"""Versions of presidio-analyzer and phonenumbers for which `make equivalence` has passed."""


def versions() -> dict[str, str]:
    """Return the version of every library that decides what is found."""
    libraries = ("phonenumbers", "presidio-analyzer", "regex", "spacy", "tldextract")
    return {library: installed_version(library) for library in libraries}


def unproven() -> str:
    """Return why the two-stage scan must not be trusted with these libraries, or nothing."""
    pair = installed_version("presidio-analyzer"), installed_version("phonenumbers")
    if pair in PROVEN:
        return ""
    return f"presidio-analyzer {pair[0]} with phonenumbers {pair[1]} has not been proven equivalent"
