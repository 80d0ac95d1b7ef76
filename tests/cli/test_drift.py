"""`ftaudit drift`, as a shell runs it."""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.commands import FAST, Shell
from tests.conftest import SHARED
from tests.model.statistics.fixture import EVALUATION


def table(path: str, counts: dict[str, int]) -> None:
    labels = [label for label, rows in counts.items() for _ in range(rows)]
    texts = [f"ticket {at} about {label}" for at, label in enumerate(labels)]
    pl.DataFrame({"text": texts, "label": labels}).write_csv(path)


@pytest.fixture
def audited(shell: Shell) -> Shell:
    """Return a shell in a folder where training data was audited."""
    table("train.csv", {"refund": 300, "delivery": 300, "account": 300})
    shell("scan", "train.csv", *FAST, "--output", "audit")
    return shell


def test_the_three_answers(audited: Shell) -> None:
    table("same.csv", {"refund": 200, "delivery": 200, "account": 200})
    table("other.csv", {"refund": 500, "delivery": 50, "account": 50, "jo@example.com": 5})
    table("few.csv", {"refund": 3, "delivery": 5, "account": 4})
    manifest = "audit/manifest.json"
    same = audited("drift", manifest, "same.csv")
    assert (same.code, same.out.splitlines()[0]) == (0, "NONE")
    other = audited("drift", manifest, "other.csv")
    assert (other.code, other.out.splitlines()[0]) == (1, "FIRES: labels, new classes")
    assert "[EMAIL_ADDRESS], 5 rows" in other.out
    assert "jo@" not in other.out
    few = audited("drift", manifest, "few.csv")
    assert (few.code, few.out.splitlines()[0]) == (3, "TOO FEW ROWS TO TELL")


def test_a_second_manifest_stands_for_new_data(audited: Shell) -> None:
    table("later.csv", {"refund": 600, "delivery": 30, "account": 30})
    audited("scan", "later.csv", *FAST, "--output", "later")
    ended = audited("drift", "audit/manifest.json", "later/manifest.json", "--json")
    assert ended.code == 1
    value = json.loads(ended.out)
    assert value["triggers"] == ["labels"]
    assert value["references"]["labels"] == "train"
    assert value["metrics"]["drift.reference_rows"] == 900


def test_a_classifier_needs_the_texts_of_both(audited: Shell) -> None:
    table("some.csv", {"refund": 60, "delivery": 60, "account": 60})
    table("later.csv", {"refund": 180, "delivery": 9, "account": 9})
    table("test.csv", {"refund": 30, "delivery": 30, "account": 30})
    classify = (*("--domain-classifier", "--training", "some.csv", "--holdout-data", "test.csv"),)
    ended = audited("drift", "audit/manifest.json", "audit/manifest.json", *classify)
    assert ended.code == 2
    assert "a manifest holds none: NEW is data" in ended.err
    ended = audited("drift", "audit/manifest.json", "later.csv", "--domain-classifier")
    assert (ended.code, "give --training" in ended.err) == (2, True)
    ended = audited("drift", "audit/manifest.json", "later.csv", *classify)
    assert "a classifier of words tells new rows from training with AUC 0." in ended.out
    assert (ended.code, ended.out.startswith("FIRES: labels")) == (1, True)


def test_a_profile_that_was_changed_is_refused(audited: Shell) -> None:
    path = Path("audit/profile.json")
    path.write_text(path.read_text().replace("300", "301", 1))
    ended = audited("drift", "audit/manifest.json", "train.csv")
    assert ended.code == 4
    assert "not the profile that the manifest names" in ended.err


def test_keyed_names_need_the_key(audited: Shell) -> None:
    Path("key").write_text("secret")
    audited("scan", "train.csv", *FAST, "--output", "keyed", "--profile-key", "key")
    ended = audited("drift", "keyed/manifest.json", "train.csv")
    assert (ended.code, "give --profile-key" in ended.err) == (2, True)
    assert audited("drift", "keyed/manifest.json", "train.csv", "--profile-key", "key").code == 0


def test_the_plan_sets_the_limits(audited: Shell) -> None:
    table("other.csv", {"refund": 340, "delivery": 130, "account": 130})
    assert audited("drift", "audit/manifest.json", "other.csv").code == 1
    Path("plan.yaml").write_text(
        "schema: ftaudit.plan/v1\nretraining_triggers: {limits: {labels: 0.5, lengths: 0.5}}\n"
    )
    ended = audited("drift", "audit/manifest.json", "other.csv", "--plan", "plan.yaml")
    assert ended.code == 0
    assert "(limit 0.5)" in ended.out


def test_novelty_needs_no_old_text_where_there_are_indexes(audited: Shell) -> None:
    table("test.csv", {"refund": 40, "delivery": 40, "account": 40})
    plain = pl.read_csv("test.csv")
    other = pl.Series([f"a wholly other matter, number {n * 7919}, of invoices" for n in range(60)])
    plain.with_columns(text=pl.concat([other, plain["text"][60:]])).write_csv("new.csv")
    for name in ("train", "test"):
        audited("index", f"{name}.csv", "-o", f"{name}.ftidx")
    indexes = ("--training-index", "train.ftidx", "--holdout-index", "test.ftidx")
    ended = audited("drift", "audit/manifest.json", "new.csv", *indexes, "--json")
    value = json.loads(ended.out)
    assert "novelty" in value["triggers"]
    assert value["metrics"]["drift.novel_share"] == 0.5
    texts = ("--training", "train.csv", "--holdout-data", "test.csv")
    by_text = json.loads(audited("drift", "audit/manifest.json", "new.csv", *texts, "--json").out)
    assert by_text["metrics"]["drift.novelty"] == value["metrics"]["drift.novelty"]
    alone = audited("drift", "audit/manifest.json", "new.csv", *indexes[:2])
    assert (alone.code, "together" in alone.err) == (2, True)


def test_rules_of_the_product_are_known_by_name_or_by_their_file(audited: Shell) -> None:
    Path("catalogue.yaml").write_text("plans: [basic, pro]\n")
    digest = hashlib.sha256(Path("catalogue.yaml").read_bytes()).hexdigest()
    policy = f"{{name: catalogue, version: 'sha256:{digest}'}}"
    Path("plan.yaml").write_text(f"schema: ftaudit.plan/v1\nproduct_policy: {policy}\n")
    drift = ("drift", "audit/manifest.json", "train.csv", "--plan", "plan.yaml")
    assert audited(*drift, "--product-policy", "catalogue.yaml").code == 0
    Path("catalogue.yaml").write_text("plans: [basic, pro, flex]\n")
    ended = audited(*drift, "--product-policy", "catalogue.yaml")
    assert (ended.code, ended.out.splitlines()[0]) == (1, "FIRES: product policy")


@pytest.mark.usefixtures("shared")
def test_the_fixture(shell: Shell) -> None:
    test = SHARED / "banking77_test.csv"
    shell("scan", SHARED / "banking77_train.csv", "--holdout", test, *FAST, "--output", "audit")
    fired, codes = {}, {}
    for name in ("same", "shifted_labels", "new_topic_10pct"):
        ended = shell("drift", "audit/manifest.json", EVALUATION / f"drift_{name}.csv", "--json")
        fired[name], codes[name] = json.loads(ended.out)["triggers"], ended.code
    # 600 rows in 77 classes are too few to say that nothing drifts
    assert codes == {"same": 3, "shifted_labels": 1, "new_topic_10pct": 1}
    assert fired == {
        "same": [],
        "shifted_labels": ["labels"],
        "new_topic_10pct": ["new classes"],
    }
