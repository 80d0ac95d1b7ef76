"""Which recognizers a scan uses: Presidio's by language and country, the user's, and ftaudit's."""

import logging
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import presidio_analyzer
import tldextract
import yaml
from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import PhoneRecognizer
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import (
    PredefinedRecognizerNotFoundError,
    RecognizerListLoader,
)

from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.privacy.presidio.recognizer_types import Recognizer

_FLAGS: Final = 26
"""DOTALL, MULTILINE and IGNORECASE: `global_regex_flags` of Presidio's own configuration."""


def stay_offline_and_silent() -> None:
    """Pin the bundled suffix list, and let no library log what it was given.

    tldextract, which validates the domains of e-mail addresses, otherwise fetches the public
    suffix list and caches it in the home folder. Presidio logs the values it fails on.
    """
    offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    vars(import_module("tldextract.tldextract"))["TLD_EXTRACTOR"] = offline
    for name in ("presidio-analyzer", "tldextract", "decision_process"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False
        logger.setLevel(logging.CRITICAL + 1)


def load(
    languages: tuple[str, ...],
    countries: tuple[str, ...] | None = None,
    own: Sequence[str] = (),
) -> list[Recognizer]:
    """Build Presidio's recognizers and the ones named in `own`, in a fixed order.

    Args:
        languages: ISO 639-1 codes; a recognizer for several is built once for each.
        countries: those whose recognizers are built, whether Presidio turns them on or not. None:
            what Presidio turns on. Where a country's are for none of the languages, they are
            built for the first.
        own: paths of Presidio YAML files, or `module:name` of a recognizer class or object.

    Raises:
        UsageError: an unknown country, or a name that is not a recognizer.
        InputError: a YAML file that cannot be read as recognizers.
    """
    stay_offline_and_silent()
    recognizers = _build(_configured(languages, countries), languages)
    if countries is not None:
        _dial_from(countries, recognizers)
    for name in own:
        recognizers += (
            _from_yaml(name, languages) if _is_path(name) else _from_python(name, languages)
        )
    return recognizers


def _dial_from(countries: tuple[str, ...], recognizers: Iterable[Recognizer]) -> None:
    """Let phone numbers be searched as dialled from within the countries asked for."""
    regions = tuple("GB" if country == "uk" else country.upper() for country in countries)
    built: Iterable[object] = recognizers
    for recognizer in built:
        if isinstance(recognizer, PhoneRecognizer) and regions:
            recognizer.supported_regions = regions


def known_countries() -> tuple[str, ...]:
    """Return the countries for which Presidio has recognizers, sorted."""
    return tuple(sorted({str(c["country_code"]) for c in _configuration() if "country_code" in c}))


def _configuration() -> list[dict[str, Any]]:
    path = Path(presidio_analyzer.__file__).parent / "conf" / "default_recognizers.yaml"
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return cast("list[dict[str, Any]]", read["recognizers"])


def _configured(
    languages: tuple[str, ...], countries: tuple[str, ...] | None
) -> list[dict[str, Any]]:
    if countries is None:
        return _configuration()
    supported = known_countries()
    for country in countries:
        if country not in supported:
            msg = f"no recognizers for country {country}{suggestion(country, supported)}"
            raise UsageError(f"{msg}; known: {', '.join(supported)}")
    return [_for_countries(c, languages, countries) for c in _configuration()]


def _for_countries(
    configured: dict[str, Any], languages: tuple[str, ...], countries: tuple[str, ...]
) -> dict[str, Any]:
    if "country_code" not in configured:
        return configured
    changed = configured | {"enabled": configured["country_code"] in countries}
    theirs = configured.get("supported_languages")
    if theirs and not set(theirs) & set(languages):
        changed["supported_languages"] = [languages[0]]
    return changed


def _build(configured: Iterable[dict[str, Any]], languages: tuple[str, ...]) -> list[Recognizer]:
    return list(
        RecognizerListLoader.get(
            recognizers=configured,  # type: ignore[arg-type] # typed as a dict, read as a list
            supported_languages=list(languages),
            global_regex_flags=_FLAGS,
        )
    )


def _is_path(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _from_yaml(name: str, languages: tuple[str, ...]) -> list[Recognizer]:
    remedy = "Write a list `recognizers` as Presidio documents it"
    try:
        read = yaml.safe_load(Path(name).read_text(encoding="utf-8"))
        return _build(read["recognizers"], languages)
    except OSError as error:
        raise InputError(name, f"cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise InputError(name, "is not YAML", remedy=remedy) from None
    except (KeyError, TypeError, ValueError, PredefinedRecognizerNotFoundError) as error:
        problem = f"does not define recognizers: {type(error).__name__}: {error}"
        raise InputError(name, problem, remedy=remedy) from None


def _from_python(name: str, languages: tuple[str, ...]) -> list[Recognizer]:
    target = _imported(name)
    if isinstance(target, EntityRecognizer):
        return [cast("Recognizer", target)]
    if not (isinstance(target, type) and issubclass(target, EntityRecognizer)):
        msg = f"{name} is not a Presidio recognizer: name a class or object that is one"
        raise UsageError(msg)
    build = cast("Callable[..., Recognizer]", target)
    try:
        built = [build(supported_language=language) for language in languages]
    except TypeError:  # it is of one language
        built = [build()]
    return [recognizer for recognizer in built if recognizer.supported_language in languages]


def _imported(name: str) -> object:
    module, _, attribute = name.replace(":", ".").rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError):
        msg = f"recognizer {name} cannot be imported: write `module:Class`, or a path to .yaml"
        raise UsageError(msg) from None
