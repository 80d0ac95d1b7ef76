"""Gate a `transformers.Trainer`, or one of TRL's, the moment before its first step.

    trainer = Trainer(..., callbacks=[GateCallback("manifest.dsse.json", trusted_keys=[...])])

What is compared is `trainer.train_dataset`, the rows themselves, not a path beside them.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from msgspec.structs import replace

from ftaudit.admission.verify import gate
from ftaudit.model.errors import GateRefused
from ftaudit.readers.content_root import content_root
from ftaudit.readers.hub_dataset import HubDataset, HubRows, is_hub_dataset

if TYPE_CHECKING:
    from types import FrameType

    from ftaudit.admission.admission import Admission

try:
    from transformers import TrainerCallback
except ImportError:  # a trainer calls the method by its name, and asks no more of a callback
    TrainerCallback = object

COMPUTED: Final = frozenset(
    {
        "assistant_masks",
        "attention_mask",
        "chosen_ids",
        "completion_ids",
        "completion_mask",
        "input_ids",
        "labels",
        "length",
        "num_tokens",
        "offset_mapping",
        "overflow_to_sample_mapping",
        "position_ids",
        "prompt_ids",
        "ref_chosen_logps",
        "ref_rejected_logps",
        "rejected_ids",
        "seq_lengths",
        "special_tokens_mask",
        "token_type_ids",
    }
)
"""Columns that tokenizers, collators and TRL add to the rows of a dataset."""

ENDED: Final = ("text", "completion", "chosen", "rejected")
"""Columns to whose texts TRL adds the tokenizer's end of sequence (`add_eos` of its trainers)."""

_SHOWN: Final = "the trainer's dataset"


class GateCallback(TrainerCallback):  # type: ignore[misc] # of a library without types
    """Raise before the first step unless the audit lets tuning proceed.

    Columns that a tokenizer computed (`COMPUTED`) are left aside, and so is the end of sequence
    that TRL adds to every text (`ENDED`); the admission says both. Everything else must be as it
    was audited. A trainer that drops the audited columns, packs rows or writes anything else into
    their text leaves nothing to compare, and is refused: call `ftaudit.gate` with the dataset
    before it is handed over, and keep its columns.
    """

    def __init__(self, manifest: str | Path, *, trainer: object = None, **options: Any) -> None:  # noqa: ANN401 - those of `gate`
        """Prepare to gate.

        Args:
            manifest: what `ftaudit scan` wrote.
            trainer: the trainer; by default the one that calls this callback.
            options: as of `ftaudit.gate`, such as `policy` and `trusted_keys`.
        """
        super().__init__()
        self.manifest, self.trainer, self.options = manifest, trainer, options
        self.admission: Admission | None = None
        """What the gate said, once training has begun."""

    def on_train_begin(
        self,
        args: object,  # noqa: ARG002 - the library's signature
        state: Any,  # noqa: ANN401 - as above
        control: object,  # noqa: ARG002 - as above
        **trainer_state: Any,  # noqa: ANN401 - as above
    ) -> None:
        """Gate the rows that are about to be trained on.

        Raises:
            GateBlocked: tuning may not proceed.
            GateRefused: the rows are not those that were audited, or none can be found.
        """
        dataset = _trained_on(
            self.trainer or trainer_state.get("trainer") or _caller(), trainer_state
        )
        rows, left_aside = _comparable(dataset)
        admission, caveats = self._gate(rows, _end_of_sequence(trainer_state))
        if left_aside:
            caveats.append(f"computed columns were not compared ({', '.join(left_aside)})")
        self.admission = admission = replace(admission, caveats=(*admission.caveats, *caveats))
        if getattr(state, "is_world_process_zero", True):
            sys.stderr.write(f"ftaudit: {admission.headline}; manifest {admission.manifest[:12]}\n")

    def _gate(self, rows: Any, end: str) -> "tuple[Admission, list[str]]":  # noqa: ANN401 - a dataset
        """Return what the gate says of the rows, or else of the rows without the end of sequence.

        Raises:
            GateBlocked: tuning may not proceed.
        """
        try:
            return gate(self.manifest, rows, **self.options), []
        except GateRefused:
            if (audited := _without_end(rows, end)) is None:
                raise
            caveat = "the end of sequence that the trainer added to its texts was left aside"
            return gate(self.manifest, audited, **self.options), [caveat]


def _caller() -> object | None:
    """Return the trainer that is calling: callbacks are handed everything of it but itself."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - documented, and the only way
    while frame is not None:
        caller = frame.f_locals.get("self")
        if hasattr(caller, "train_dataset") and hasattr(caller, "callback_handler"):
            return caller
        frame = frame.f_back
    return None


def _trained_on(trainer: object, trainer_state: Mapping[str, Any]) -> object:
    """Return the dataset of the trainer, and make sure that its loader reads that one.

    Raises:
        GateRefused: there is no dataset, or the loader reads another.
    """
    loaded = getattr(trainer_state.get("train_dataloader"), "dataset", None)
    dataset = getattr(trainer, "train_dataset", None)
    if dataset is None:
        dataset = trainer_state.get("train_dataset")
    if dataset is None:
        dataset = loaded
    if dataset is None:
        raise _refused(f"{_SHOWN} cannot be found. Give the callback its trainer")
    if loaded is not None and loaded is not dataset and not _same_rows(dataset, loaded):
        raise _refused("the loader of the trainer reads other rows than its train_dataset holds")
    return dataset


def _same_rows(dataset: object, loaded: object) -> bool:
    """Return whether two datasets agree in every column that both have.

    A trainer drops the columns that its model does not take before it loads the rest.
    """
    if is_hub_dataset(dataset) and is_hub_dataset(loaded):
        names = set(_names(dataset)) & set(_names(loaded))
        shared = [
            [frame.select(sorted(names)) for frame in HubRows(d).frames()]
            for d in (dataset, loaded)
        ]
        return content_root(shared[0]) == content_root(shared[1])
    try:
        return len(dataset) == len(loaded)  # type: ignore[arg-type] # what has no length raises
    except TypeError:
        return False


def _comparable(dataset: object) -> tuple[Any, tuple[str, ...]]:
    """Return the dataset without computed columns, and the names of those it had.

    Raises:
        GateRefused: no other column is left, or its rows are no rows of columns.
    """
    if is_hub_dataset(dataset):
        names = _names(dataset)
        computed = tuple(name for name in names if name in COMPUTED)
        if names and len(computed) == len(names):
            raise _refused(f"{_SHOWN} holds {', '.join(computed)} alone, which nobody audited")
        whole: Any = dataset
        return (whole.remove_columns(list(computed)) if computed else dataset), computed
    return _frame(dataset), ()


def _end_of_sequence(trainer_state: Mapping[str, Any]) -> str:
    """Return the text that the trainer's tokenizer ends a sequence with; empty if it has none."""
    tokenizer = trainer_state.get("processing_class")
    tokenizer = getattr(tokenizer, "tokenizer", tokenizer)  # of a processor
    end = getattr(tokenizer, "eos_token", None)
    return end if isinstance(end, str) else ""


def _without_end(rows: object, end: str) -> pl.DataFrame | None:
    """Return the rows without the end of sequence of their texts; None if a text lacks it."""
    if not end or not is_hub_dataset(rows):
        return None
    frame = pl.concat(HubRows(rows).frames(), how="vertical_relaxed")
    texts = [pl.col(name) for name in ENDED if frame.schema.get(name) == pl.String]
    if not texts:
        return None
    ended = frame.select(pl.all_horizontal(text.str.ends_with(end).all() for text in texts))
    return frame.with_columns(t.str.strip_suffix(end) for t in texts) if ended.item() else None


def _names(dataset: HubDataset) -> list[str]:
    return list(getattr(dataset, "column_names", None) or [])


def _frame(dataset: object) -> pl.DataFrame:
    """Return the rows of a dataset that yields one mapping for every index, as torch's do."""
    unusable = _refused(
        f"{_SHOWN} does not hold rows of plain values. Gate its data before it is encoded"
    )
    try:
        count = len(dataset)  # type: ignore[arg-type] # what has no length raises
        rows = [dataset[i] for i in range(count)]  # type: ignore[index] # what has no items raises
    except (TypeError, KeyError):
        raise unusable from None
    if not all(isinstance(row, Mapping) and _is_plain(row) for row in rows):
        raise unusable
    try:
        return pl.DataFrame([dict(row) for row in rows], infer_schema_length=None)
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        raise unusable from None


def _is_plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | bytes | bool | int | float)


def _refused(message: str) -> GateRefused:
    return GateRefused(message, (message,))
