"""The callback gates the rows that a trainer is about to read.

A stub stands for transformers, which needs torch; it calls back as transformers 5 does
(`Trainer._inner_training_loop`, `CallbackHandler.call_event`). The last test has the library itself
call back, where it is installed; `test_real_trainers` trains.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import datasets
import pytest
from datasets import Dataset

from ftaudit.integrations.transformers import GateCallback
from ftaudit.model.errors import GateBlocked, GateRefused
from tests import manifests
from tests.admission.signed_manifests import SIGNER, written
from tests.manifests import NOW

OPTIONS: dict[str, Any] = {"trusted_keys": [SIGNER.public], "now": NOW}


class Handler:
    """What transformers puts between a trainer and its callbacks."""

    def __init__(self, callbacks: list[GateCallback], loader: object) -> None:
        self.callbacks, self.loader = callbacks, loader

    def on_train_begin(self, args: object, state: object, control: object) -> None:
        for callback in self.callbacks:
            callback.on_train_begin(
                args,
                state,
                control,
                processing_class=SimpleNamespace(eos_token="</s>"),  # noqa: S106 - no password
                train_dataloader=self.loader,
            )


class Trainer:
    """Train as transformers does: drop the columns a model does not take, call back, step."""

    def __init__(self, dataset: object, callback: GateCallback, loaded: object = None) -> None:
        self.train_dataset, self.steps = dataset, 0
        keep = [n for n in ("input_ids", "label") if n in getattr(dataset, "column_names", [])]
        if loaded is None:
            loaded = dataset.select_columns(keep) if keep else dataset  # type: ignore[attr-defined] # of datasets
        self.callback_handler: Any = Handler([callback], SimpleNamespace(dataset=loaded))

    def train(self) -> None:
        state = SimpleNamespace(is_world_process_zero=True)
        self.callback_handler.on_train_begin(None, state, None)
        self.steps += 1


@pytest.fixture(autouse=True)
def quiet() -> None:
    datasets.disable_progress_bars()


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return written(manifests.of(list(manifests.data(tmp_path / "data"))), tmp_path)


@pytest.fixture
def dataset(manifest: Path) -> Dataset:
    return Dataset.from_csv(str(manifest.parent / "data" / "train.csv"))


def tokens(dataset: Dataset) -> Dataset:
    return dataset.map(lambda row: {"input_ids": [len(row["text"])], "attention_mask": [1]})


def test_the_audited_rows_are_trained_on(
    manifest: Path, dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    callback = GateCallback(manifest, **OPTIONS)
    trainer = Trainer(dataset, callback)
    trainer.train()
    assert trainer.steps == 1
    assert callback.admission is not None
    assert callback.admission.passed
    assert capsys.readouterr().err.startswith("ftaudit: PASSED   tuning may proceed; manifest ")


def test_columns_of_a_tokenizer_are_left_aside_and_said(manifest: Path, dataset: Dataset) -> None:
    callback = GateCallback(manifest, **OPTIONS)
    Trainer(tokens(dataset), callback).train()
    assert callback.admission is not None
    assert callback.admission.headline.endswith("not compared (input_ids, attention_mask)")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.select([0] * len(d)), id="one row again and again"),
        pytest.param(lambda d: d.shuffle(seed=3), id="shuffled"),
        pytest.param(lambda d: tokens(d).remove_columns(["text", "label"]), id="tokens alone"),
        pytest.param(lambda d: d.remove_columns("label"), id="a column less"),
        pytest.param(lambda d: d.map(lambda r: {"text": r["text"] + "<|end|>"}), id="written into"),
        pytest.param(lambda d: [row["text"] for row in d], id="no rows of columns"),
        pytest.param(lambda _: None, id="no dataset"),
    ],
)
def test_other_rows_stop_the_trainer_before_its_first_step(
    manifest: Path,
    dataset: Dataset,
    change: Any,  # noqa: ANN401 - a change of a dataset
) -> None:
    trainer = Trainer(change(dataset), GateCallback(manifest, **OPTIONS))
    with pytest.raises(GateRefused):
        trainer.train()
    assert trainer.steps == 0


def test_a_loader_of_other_rows_is_refused(manifest: Path, dataset: Dataset) -> None:
    for loaded in (dataset.select([0] * len(dataset)), [1, 2]):
        trainer = Trainer(dataset, GateCallback(manifest, **OPTIONS), loaded)
        with pytest.raises(GateRefused, match="loader"):
            trainer.train()


def test_the_trainer_can_be_given(manifest: Path, dataset: Dataset) -> None:
    trainer = SimpleNamespace(train_dataset=dataset.select([0] * len(dataset)))
    callback = GateCallback(manifest, trainer=trainer, **OPTIONS)
    with pytest.raises(GateRefused):
        callback.on_train_begin(None, None, None, train_dataloader=None)
    callback.trainer = SimpleNamespace(train_dataset=dataset)
    callback.on_train_begin(None, None, None)


def test_without_a_trainer_what_the_loader_reads_is_compared(
    manifest: Path, dataset: Dataset
) -> None:
    callback = GateCallback(manifest, **OPTIONS)
    callback.on_train_begin(None, None, None, train_dataloader=SimpleNamespace(dataset=dataset))
    with pytest.raises(GateRefused):
        callback.on_train_begin(
            None, None, None, train_dataloader=SimpleNamespace(dataset=dataset.shuffle(seed=3))
        )


def test_a_dataset_of_plain_rows_is_compared(manifest: Path, dataset: Dataset) -> None:
    rows = [dict(row) for row in dataset]
    Trainer(rows, GateCallback(manifest, **OPTIONS)).train()
    with pytest.raises(GateRefused):
        Trainer(rows[::-1], GateCallback(manifest, **OPTIONS)).train()


def test_the_end_of_sequence_that_a_trainer_adds_is_left_aside_and_said(
    manifest: Path, dataset: Dataset
) -> None:
    callback = GateCallback(manifest, **OPTIONS)
    ended = dataset.map(lambda row: {"text": row["text"] + "</s>"})
    Trainer(ended, callback).train()
    assert callback.admission is not None
    assert any("end of sequence" in caveat for caveat in callback.admission.caveats)


@pytest.mark.parametrize("end", ["</s></s>", " </s>", ""])
def test_texts_with_another_end_are_refused(manifest: Path, dataset: Dataset, end: str) -> None:
    ended = dataset.map(
        lambda row, at: {"text": row["text"] + ("</s>" if at else end)}, with_indices=True
    )
    with pytest.raises(GateRefused):
        Trainer(ended, GateCallback(manifest, **OPTIONS)).train()


def test_a_verdict_that_blocks_stops_the_trainer(tmp_path: Path) -> None:
    files = list(manifests.data(tmp_path / "data"))
    path = written(manifests.of(files, metrics=manifests.DUPLICATES), tmp_path)
    trainer = Trainer(Dataset.from_csv(str(files[0])), GateCallback(path, **OPTIONS))
    with pytest.raises(GateBlocked, match="nearly repeat another"):
        trainer.train()


def test_transformers_itself_calls_it_back(manifest: Path, dataset: Dataset) -> None:
    reason = "needs transformers, which tests of the project do not install"
    library = pytest.importorskip("transformers.trainer_callback", reason=reason)
    callback = GateCallback(manifest, **OPTIONS)
    assert isinstance(callback, library.TrainerCallback)

    class Real(Trainer):
        def __init__(self, dataset: Dataset) -> None:
            super().__init__(dataset, callback)
            self.callback_handler = library.CallbackHandler([callback], None, None, None, None)
            self.callback_handler.train_dataloader = SimpleNamespace(dataset=dataset)

        def train(self) -> None:
            state, control = library.TrainerState(), library.TrainerControl()
            self.callback_handler.on_train_begin(None, state, control)
            self.steps += 1

    Real(dataset).train()
    other = Real(dataset.select([0] * len(dataset)))
    with pytest.raises(GateRefused):
        other.train()
    assert other.steps == 0
