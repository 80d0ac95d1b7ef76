"""Evaluate with Great Expectations every expectation that polars does not.

The only module that imports great_expectations (5 s, 200 MB) and pandas; import it inside the
function that needs it. It runs in an ephemeral context, without progress bars, analytics or
network, and gives back counts and positions of rows; the cells it lists are dropped here.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version as installed
from typing import Any, Final

import polars as pl

from ftaudit.expectations.arguments import KWARGS
from ftaudit.expectations.outcome import ExpectationOutcome
from ftaudit.expectations.suite import Expectation
from ftaudit.model.errors import IncompleteError, suggestion

QUIET: Final = {"GX_ANALYTICS_ENABLED": "false"}
"""Environment that keeps every version of Great Expectations from sending anything."""


def version() -> str:
    """Return the version of Great Expectations that is installed."""
    return installed("great_expectations")


def check(expectation: Expectation) -> None:
    """Validate an expectation by Great Expectations' own model of its type.

    Raises:
        InputError: an unknown type, or arguments that its model refuses.
    """
    from pydantic.v1 import ValidationError

    types = known_types()
    if expectation.type not in types:
        hint = suggestion(expectation.type, types)
        remedy = "Correct the name, or remove the expectation: nothing may be dropped in silence"
        raise expectation.error(f"the type is unknown to Great Expectations{hint}", remedy)
    for name, value in expectation.kwargs.items():
        if isinstance(value, dict) and "$PARAMETER" in value:
            problem = f"{name} is a suite parameter, which nothing fills in here"
            raise expectation.error(problem, "Write the value itself")
    try:
        with _quiet():
            _build(expectation)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise expectation.error(f"{field}: {first['msg']}", "Correct kwargs") from None
    except (TypeError, ValueError) as error:
        raise expectation.error(f"its arguments are refused ({type(error).__name__})") from None


@cache
def known_types() -> frozenset[str]:
    """Return every expectation type of Great Expectations."""
    with _quiet():
        import great_expectations.expectations.core  # noqa: F401 - registers the types
        from great_expectations.expectations.registry import (
            list_registered_expectation_implementations,
        )

        return frozenset(list_registered_expectation_implementations()) | frozenset(KWARGS)


def evaluate(
    table: pl.DataFrame, expectations: Sequence[Expectation], *, cap: int
) -> tuple[ExpectationOutcome, ...]:
    """Evaluate expectations on one table, as a pandas frame, in order.

    `ExpectationOutcome.rows` holds positions in `table`, 0-based, at most `cap`.

    Raises:
        IncompleteError: an expectation could not be evaluated. The text of its error is not
            passed on: it may quote cells.
    """
    with _quiet():
        batch = _batch(table)
        return tuple(_evaluate(batch, e, cap) for e in expectations)


def _batch(table: pl.DataFrame) -> Any:  # noqa: ANN401 - great_expectations is untyped here
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    variables: Any = context.variables
    variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("ftaudit").add_dataframe_asset("table")
    definition = asset.add_batch_definition_whole_dataframe("whole")
    return definition.get_batch({"dataframe": table.to_pandas()})


def _evaluate(batch: Any, expectation: Expectation, cap: int) -> ExpectationOutcome:  # noqa: ANN401 - as above
    result_format = {"result_format": "SUMMARY", "partial_unexpected_count": cap}
    result = batch.validate(_build(expectation), result_format=result_format)
    if _raised(result.exception_info):
        problem = "Great Expectations could not evaluate it; does the type of the column fit?"
        raise IncompleteError(f"{expectation.file}, {expectation.place}: {problem}")
    return _outcome(bool(result.success), result.result)


def _outcome(success: bool, result: Mapping[str, Any]) -> ExpectationOutcome:  # noqa: FBT001 - GX's own word
    observed = result.get("observed_value")
    positions = result.get("partial_unexpected_index_list") or ()
    rows = tuple(p for p in positions if isinstance(p, int))
    number = isinstance(observed, int | float) and not isinstance(observed, bool)
    return ExpectationOutcome(
        success,
        result.get("element_count"),
        result.get("missing_count"),
        result.get("unexpected_count"),
        observed if number else None,
        rows,
    )


def _raised(info: Mapping[str, Any] | None) -> bool:
    """Return whether `exception_info`, which nests by metric, holds an exception.

    Its text is not read: it may quote cells.
    """
    entries = [info, *(v for v in info.values() if isinstance(v, dict))] if info else []
    return any(entry.get("raised_exception") for entry in entries)


def _build(expectation: Expectation) -> Any:  # noqa: ANN401 - as above
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    return ExpectationConfiguration(
        type=expectation.type, kwargs=dict(expectation.kwargs)
    ).to_domain_obj()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep warnings and log lines, which may quote cells, from being shown."""
    before = logging.root.manager.disable
    environment = {name: os.environ.get(name) for name in QUIET}
    os.environ.update(QUIET)
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        for name, value in environment.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
