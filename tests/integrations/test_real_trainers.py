"""The callback in real trainers: `transformers.Trainer` and TRL's, with two layers, for one step.

They need torch, which the tests of the project do not install; in an environment that has it:

    pip install torch transformers trl datasets accelerate
    python -m pytest tests/integrations/test_real_trainers.py
"""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from datasets import Dataset, disable_progress_bars

from ftaudit import scan
from ftaudit.integrations.transformers import GateCallback
from ftaudit.model.errors import GateRefused

MISSING: Final = [name for name in ("torch", "transformers", "trl") if not find_spec(name)]
pytestmark = [
    pytest.mark.skipif(
        bool(MISSING), reason=f"needs {', '.join(MISSING)}; they are optional, and large"
    ),
    pytest.mark.filterwarnings("default"),  # of foreign libraries
]

WORDS: Final = ("order", "card", "refund", "price", "plan", "help", "cancel", "number", "please")
POLICY: Final = "schema: ftaudit.policy/v1\nid: lenient\nextends: none\nrequired: [schema]\n"


def sentences(first: int) -> list[str]:
    return [
        " ".join(WORDS[(first + i * step) % len(WORDS)] for step in (1, 2, 3, 5, 7))
        for i in range(8)
    ]


COLUMNS: Final[dict[str, dict[str, Sequence[Any]]]] = {
    "classification": {"text": sentences(0), "label": [0, 1] * 4},
    "completion": {"prompt": sentences(0), "completion": sentences(3)},
    "text": {"text": sentences(0)},
    "preference": {"prompt": sentences(0), "chosen": sentences(3), "rejected": sentences(5)},
    "chat": {
        "messages": [
            [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
            for asked, answer in zip(sentences(0), sentences(3), strict=True)
        ]
    },
}


def audited(kind: str, folder: Path) -> tuple[Path, Dataset]:
    """Audit rows of a kind; return the manifest and the dataset that a trainer is handed."""
    disable_progress_bars()
    dataset = Dataset.from_dict(COLUMNS[kind])
    path = folder / "train.jsonl"
    dataset.to_json(path)
    (folder / "policy.yaml").write_text(POLICY)
    with scan(path, policy=folder / "policy.yaml", workers=1) as audit:
        audit.write(folder / "out", reports=())
    return folder / "out" / "manifest.json", Dataset.from_json(str(path))


def gating(manifest: Path) -> GateCallback:
    policy = manifest.parent.parent / "policy.yaml"
    return GateCallback(manifest, policy=policy, require_signature=False)


def tokenizer() -> Any:  # noqa: ANN401 - of a library without types
    import tokenizers
    import transformers

    vocabulary = {word: at for at, word in enumerate(["<pad>", "<unk>", "</s>", *WORDS])}
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106 - no password
    model.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=model,
        pad_token="<pad>",  # noqa: S106 - no password
        unk_token="<unk>",  # noqa: S106 - no password
        eos_token="</s>",  # noqa: S106 - no password
    )
    fast.chat_template = "{% for m in messages %}{{ m.content }} {{ eos_token }}{% endfor %}"
    return fast


def tiny(head: str = "AutoModelForCausalLM") -> Any:  # noqa: ANN401 - of a library without types
    import transformers

    config = transformers.LlamaConfig(
        vocab_size=len(WORDS) + 3,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        pad_token_id=0,
        eos_token_id=2,
        num_labels=2,
    )
    return getattr(transformers, head).from_config(config)


def arguments(folder: Path) -> dict[str, Any]:
    return {
        "output_dir": str(folder / "run"),
        "max_steps": 1,
        "per_device_train_batch_size": 2,
        "use_cpu": True,
        "report_to": [],
        "save_strategy": "no",
        "disable_tqdm": True,
    }


def classifier(dataset: Dataset, callback: GateCallback, folder: Path) -> Any:  # noqa: ANN401 - a trainer
    import transformers

    encode = tokenizer()
    encoded = dataset.map(lambda row: encode(row["text"], padding="max_length", max_length=8))
    return transformers.Trainer(
        model=tiny("AutoModelForSequenceClassification"),
        args=transformers.TrainingArguments(**arguments(folder)),
        train_dataset=encoded,
        callbacks=[callback],
    )


def fine_tuner(dataset: Dataset, callback: GateCallback, folder: Path, **more: Any) -> Any:  # noqa: ANN401 - a trainer
    trl = pytest.importorskip("trl")

    return trl.SFTTrainer(
        model=tiny(),
        args=trl.SFTConfig(**arguments(folder), max_length=32, bf16=False, **more),
        train_dataset=dataset,
        processing_class=tokenizer(),
        callbacks=[callback],
    )


def preferring(dataset: Dataset, callback: GateCallback, folder: Path) -> Any:  # noqa: ANN401 - a trainer
    trl = pytest.importorskip("trl")

    return trl.DPOTrainer(
        model=tiny(),
        ref_model=tiny(),
        args=trl.DPOConfig(**arguments(folder), max_length=32, bf16=False),
        train_dataset=dataset,
        processing_class=tokenizer(),
        callbacks=[callback],
    )


TRAINERS: Final[list[tuple[str, Callable[[Dataset, GateCallback, Path], Any]]]] = [
    ("classification", classifier),
    ("completion", fine_tuner),
    ("text", fine_tuner),
    ("chat", fine_tuner),
    ("preference", preferring),
]


@pytest.mark.parametrize(("kind", "trainer"), TRAINERS)
def test_the_audited_rows_are_trained_on(
    kind: str, trainer: Callable[[Dataset, GateCallback, Path], Any], tmp_path: Path
) -> None:
    manifest, dataset = audited(kind, tmp_path)
    callback = gating(manifest)
    real = trainer(dataset, callback, tmp_path)
    real.train()
    assert real.state.global_step == 1
    assert callback.admission is not None
    assert callback.admission.passed


@pytest.mark.parametrize(("kind", "trainer"), TRAINERS)
def test_other_rows_stop_the_trainer_before_its_first_step(
    kind: str, trainer: Callable[[Dataset, GateCallback, Path], Any], tmp_path: Path
) -> None:
    manifest, dataset = audited(kind, tmp_path)
    callback = gating(manifest)
    real = trainer(dataset.select([0] * len(dataset)), callback, tmp_path)
    with pytest.raises(GateRefused):
        real.train()
    assert real.state.global_step == 0
