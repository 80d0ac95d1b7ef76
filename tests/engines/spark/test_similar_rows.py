"""Near-identical rows found on Spark are those found on one machine, by either method."""

import random
from pathlib import Path

import polars as pl
import pytest

from ftaudit.engines.spark import spark_engine
from ftaudit.model.options import Options
from tests.bench.corpus import Corpus
from tests.conftest import SHARED
from tests.engines.spark.conftest import Data, Scanned

BANKING = ("banking77_train.csv", "banking77_test.csv")
GSM8K = ("gsm8k_train.jsonl", "gsm8k_test.jsonl")
SIMILAR = ("duplicates", "leakage", "label-conflicts", "schema")

pytestmark = pytest.mark.usefixtures("cluster")


def shared(names: tuple[str, str], options: Options) -> Data:
    train, holdout = (str(SHARED / name) for name in names)
    return Data((train,), (holdout,), options)


@pytest.mark.usefixtures("part_bytes")
@pytest.mark.parametrize("part_bytes", [200_000], indirect=True)
@pytest.mark.parametrize("method", ["exact", "minhash"])
@pytest.mark.parametrize("threshold", [0.7, 0.8])
def test_banking77_with_its_holdout(method: str, threshold: float, tmp_path: Path) -> None:
    only = () if (method, threshold) == ("minhash", 0.8) else SIMILAR
    data = shared(BANKING, Options(method=method, threshold=threshold, only=only))  # type: ignore[arg-type] # one of two
    here = data.scanned("local", tmp_path / "local")
    assert data.scanned("spark", tmp_path / "spark") == here


@pytest.mark.usefixtures("part_bytes")
@pytest.mark.parametrize("part_bytes", [1 << 20], indirect=True)
def test_gsm8k_with_its_test_set(tmp_path: Path) -> None:
    data = shared(GSM8K, Options(method="minhash", only=(*SIMILAR, "class-balance")))
    here = data.scanned("local", tmp_path / "local")
    assert data.scanned("spark", tmp_path / "spark") == here


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return chat rows of which 10,000 are one chain of near-identical ones, in two splits."""
    draw = random.Random(5)  # noqa: S311 - made-up words
    folder = tmp_path_factory.mktemp("crowd")
    words = [f"w{i}" for i in range(30)]
    texts = []
    for i in range(10_000):
        words[draw.randrange(30)] = f"v{i}"
        texts.append(" ".join(words))
    texts += [" ".join(f"x{draw.randrange(5_000)}" for _ in range(30)) for _ in range(2_000)]
    draw.shuffle(texts)
    for name, part in (("train", texts[:9_000]), ("test", texts[9_000:])):
        rows = pl.DataFrame(
            {"prompt": part, "completion": [f"answer {i}" for i in range(len(part))]}
        )
        rows.write_parquet(folder / f"{name}.parquet", row_group_size=1_000)
    return folder


@pytest.fixture(scope="module")
def crowd_alone(crowd: Path, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    return crowded(crowd).scanned("local", tmp_path_factory.mktemp("alone") / "out")


def crowded(folder: Path) -> Data:
    return Data((str(folder),), options=Options(method="minhash", only=SIMILAR))


@pytest.mark.usefixtures("part_bytes")
@pytest.mark.parametrize(
    ("part_bytes", "slots"), [(300_000, 1), (64 << 20, 3)], indirect=["part_bytes"]
)
def test_a_component_of_ten_thousand_rows_in_two_splits(
    slots: int, crowd: Path, crowd_alone: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_engine, "SLOTS_PER_CORE", slots)
    assert crowded(crowd).scanned("spark", tmp_path / "spark") == crowd_alone


@pytest.mark.usefixtures("part_bytes")
@pytest.mark.parametrize("part_bytes", [8 << 20], indirect=True)
def test_a_hundred_thousand_chats_in_nested_parquet(tmp_path: Path) -> None:
    texts = pl.Series("text", Corpus("chat", 7).chunk(100_000, 0))
    turns = pl.concat_list(
        pl.struct(role=pl.lit("user"), content="text"),
        pl.struct(role=pl.lit("assistant"), content=pl.col("text").str.head(40)),
    )
    chats = texts.to_frame().select(messages=turns)
    (tmp_path / "data").mkdir()
    for number in range(4):
        part = chats[number * 25_000 : (number + 1) * 25_000]
        part.write_parquet(tmp_path / "data" / f"{number}.parquet", row_group_size=5_000)
    options = Options(method="minhash", only=("duplicates", "schema"))
    data = Data((str(tmp_path / "data"),), options=options)
    here = data.scanned("local", tmp_path / "local")
    assert data.scanned("spark", tmp_path / "spark") == here
