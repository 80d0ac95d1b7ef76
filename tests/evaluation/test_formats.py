"""Every format of results: the same rows give the same answers, recognised by content."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from ftaudit.evaluation.formats.recognition import open_results, read_tables
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.model.errors import InputError, UsageError
from tests.evaluation.results import FORMATS, ROWS, forty_rows, holdout, lines, paired
from tests.model.statistics.fixture import expected

SHAPES = {
    "inspect": "inspect_{role}.json",
    "inspect archive": "inspect_{role}.eval",
    "lm-evaluation-harness": "lm_eval_samples_{role}.jsonl",
    "mlflow": "mlflow_eval_results_table_{role}.json",
    "openai-evals": "openai_evals_{role}.jsonl",
    "plain": "plain_{role}.csv",
    "promptfoo": "promptfoo.json",
}


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_forty_rows_in_every_shape_are_the_same_answers(
    shape: str, tmp_path: Path
) -> None:
    rows = forty_rows(tmp_path)
    scores = {}
    for role in ("baseline", "tuned"):
        path = tmp_path / "results"  # no extension: content alone decides
        path.write_bytes((FORMATS / SHAPES[shape].format(role=role)).read_bytes())
        answers = paired(path, rows, ResultRequest(role=role))
        assert answers.file.table.format == shape.partition(" ")[0]
        assert answers.missing == answers.failed == 0
        scores[role] = answers.frame["score"]
        tokens = answers.answers["prompt_tokens"]
        if tokens.null_count() == 0:
            assert tokens.sum() == expected()["formats"]["prompt_tokens"][role]
    counts = pl.DataFrame(scores).group_by("baseline", "tuned").len()
    cells = {(baseline, tuned): count for baseline, tuned, count in counts.iter_rows()}
    known = expected()["formats"]
    assert cells == {
        (1, 1): known["both"],
        (0, 1): known["tuned_only"],
        (1, 0): known["baseline_only"],
        (0, 0): known["neither"],
    }


@pytest.mark.usefixtures("shared")
def test_plain_rows_are_alike_as_csv_jsonl_json_and_parquet(tmp_path: Path) -> None:
    rows = forty_rows(tmp_path)
    frame = pl.read_csv(FORMATS / "plain_tuned.csv")
    frame.write_ndjson(tmp_path / "as_jsonl")
    frame.write_json(tmp_path / "as_json")
    frame.with_columns(pl.col("id").cast(pl.Float64)).write_parquet(tmp_path / "as_parquet")
    scores = [
        paired(path, rows).frame["score"].to_list()
        for path in (FORMATS / "plain_tuned.csv", *sorted(tmp_path.glob("as_*")))
    ]
    assert scores.count(scores[0]) == 4
    assert sum(scores[0]) == 33


def deepeval() -> Mapping[str, object]:
    cases = [
        {
            "name": f"test_case_{at}",
            "order": at,
            "input": text,
            "actualOutput": label if at else "plum",
            "expectedOutput": label,
            "metricsData": [{"name": "Exact", "score": float(at > 0), "success": at > 0}],
            "inputTokenCount": 10,
            "outputTokenCount": 2,
            "tokenCost": 0.5,
            "completionTime": 0.25,
        }
        for at, (text, label) in enumerate(ROWS)
    ]
    return {"testCases": cases, "conversationalTestCases": []}


def helm(*, listed: bool) -> list[Mapping[str, object]]:
    def instance(at: int, label: str) -> Mapping[str, object]:
        stats = {"exact_match": float(at > 0), "num_prompt_tokens": 10.0}
        rows = [{"name": {"name": n, "split": "test"}, "mean": v} for n, v in stats.items()]
        return {
            "instance_id": f"id{at}",
            "train_trial_index": 0,
            "predicted_text": f" {label}\n" if at else "plum",
            "stats": rows if listed else stats,
        }

    perturbed = {"instance_id": "id0", "perturbation": {"name": "typos"}, "stats": {}}
    return [*(instance(at, label) for at, (_, label) in enumerate(ROWS)), perturbed]


@pytest.mark.parametrize(
    ("value", "format_"),
    [(deepeval(), "deepeval"), (helm(listed=True), "helm"), (helm(listed=False), "helm")],
)
def test_deepeval_and_helm_are_read(value: object, format_: str, tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_text(json.dumps(value))
    answers = paired(path, holdout(tmp_path))
    assert answers.file.table.format == format_
    assert answers.frame["score"].to_list() == [0, 1, 1, 1]
    assert answers.answers["prompt_tokens"].to_list() == [10] * 4


def test_numbers_that_json_does_not_have_are_no_scores(tmp_path: Path) -> None:
    path = tmp_path / "results"
    lines = [f'{{"id": {at}, "score": {score}}}' for at, score in enumerate(("1.0", "NaN", "0"))]
    path.write_text("\n".join(lines))
    (table,) = read_tables(path.read_bytes(), "results", ResultRequest())
    assert table.frame["score"].to_list() == [1, None, 0]
    path.write_text(f"[{', '.join(lines)}]".replace("NaN", "-Infinity"))
    (table,) = read_tables(path.read_bytes(), "results", ResultRequest())
    assert table.frame["score"].to_list() == [1, None, 0]


def test_ids_stand_where_the_holdout_has_them(tmp_path: Path) -> None:
    pl.DataFrame({"ticket": ["a", "b"], "prediction": ["x", "y"]}).write_csv(tmp_path / "results")
    request = ResultRequest(id_column="ticket")
    (table,) = read_tables((tmp_path / "results").read_bytes(), "results", request)
    assert table.keys[0].values.to_list() == ["a", "b"]


def test_statistics_that_helm_writes_apart_are_of_one_answer(tmp_path: Path) -> None:
    parts = [
        {"instance_id": f"id{at}", "train_trial_index": 0, "stats": [stat]}
        for at in range(len(ROWS))
        for stat in (
            {"name": {"name": "num_prompt_tokens", "split": "test"}, "mean": 10.0, "count": 1},
            {"name": {"name": "exact_match", "split": "test"}, "mean": float(at > 0), "count": 1},
        )
    ]
    path = tmp_path / "per_instance_stats.json"
    path.write_text(json.dumps(parts))
    answers = paired(path, holdout(tmp_path))
    assert answers.frame["score"].to_list() == [0, 1, 1, 1]
    assert answers.answers["prompt_tokens"].to_list() == [10] * 4


def test_a_choice_of_helm_is_the_text_that_its_letter_stands_for(tmp_path: Path) -> None:
    chosen = [
        {
            "instance_id": f"id{at}",
            "train_trial_index": 0,
            "predicted_text": " A",
            "mapped_output": label,
            "stats": {},
        }
        for at, (_, label) in enumerate(ROWS)
    ]
    path = tmp_path / "display_predictions.json"
    path.write_text(json.dumps(chosen))
    assert paired(path, holdout(tmp_path)).frame["score"].to_list() == [1, 1, 1, 1]


def test_a_row_perturbed_by_helm_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_text(json.dumps(helm(listed=False)))
    assert paired(path, holdout(tmp_path)).notes == ("1 perturbed instances were left out",)


@pytest.mark.usefixtures("shared")
def test_one_of_several_filters_is_taken_and_said() -> None:
    path = FORMATS / "lm_eval_samples_tuned.jsonl"
    table = open_results(path, ResultRequest()).table
    assert table.frame.height == 40
    assert "filters strict, flexible: strict was taken" in table.notes[0]
    assert open_results(path, ResultRequest(filter="flexible")).table.frame.height == 40
    with pytest.raises(UsageError, match=r"no filter flexibel .did you mean flexible"):
        open_results(path, ResultRequest(filter="flexibel"))


@pytest.mark.usefixtures("shared")
def test_a_file_of_several_models_asks_which() -> None:
    path = FORMATS / "promptfoo.json"
    with pytest.raises(UsageError, match=r"promptfoo.json#baseline, promptfoo.json#tuned"):
        open_results(path, ResultRequest())
    assert open_results(f"{path}#tuned", ResultRequest()).table.model == "tuned"
    with pytest.raises(UsageError, match=r"holds no model tund .did you mean tuned"):
        open_results(f"{path}#tund", ResultRequest())


@pytest.mark.usefixtures("shared")
def test_a_damaged_member_of_an_archive_is_named(tmp_path: Path) -> None:
    data = bytearray((FORMATS / "inspect_tuned.eval").read_bytes())
    data[data.index(b"samples/73_epoch_1.json") + 200] ^= 0xFF
    path = tmp_path / "log.eval"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"samples/73_epoch_1.json is damaged"):
        open_results(path, ResultRequest())


def test_an_archive_without_a_header_is_no_finished_log(tmp_path: Path) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("samples/1_epoch_1.json", "{}")
    with pytest.raises(InputError, match=r"without header.json"):
        open_results(path, ResultRequest())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no results|cannot be read"),
        ('{"a": 1', "not JSON|cannot be read as jsonl"),
        ('[{"a": 1}]', "no column of outputs or scores among a"),
        ('{"id": 1, "output": "x"}\n{"id": 2, "output"\n', "cannot be read as jsonl"),
        ("id,colour\n1,red\n", "no column of outputs or scores among id, colour"),
        ("output\nred\n", "no column of ids among output"),
        ('{"some": {"thing": 1}, "else": [2]}', "no column of outputs or scores"),
    ],
)
def test_what_is_no_file_of_results_is_refused_with_the_remedy(
    content: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "results"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        open_results(path, ResultRequest())


def test_columns_of_other_names_are_named_by_the_user(tmp_path: Path) -> None:
    path = lines(tmp_path / "r", [{"n": at, "said": label} for at, (_, label) in enumerate(ROWS)])
    request = ResultRequest(columns={"id": "n", "output": "said"})
    assert paired(path, holdout(tmp_path), request).frame["score"].sum() == 4
    with pytest.raises(UsageError, match=r"no column sad .did you mean said"):
        open_results(path, ResultRequest(columns={"id": "n", "output": "sad"}))
    with pytest.raises(UsageError, match=r"no such part .did you mean output"):
        open_results(path, ResultRequest(columns={"outptu": "said"}))


def test_cached_answers_of_promptfoo_have_no_latency(tmp_path: Path) -> None:
    row = {"promptIdx": 0, "testIdx": 0, "provider": {"id": "m"}, "vars": {"label": "apple"}}
    response = {"output": {"label": "apple"}, "cached": True}
    path = lines(tmp_path / "r", [{**row, "response": response, "latencyMs": 3, "score": 0}] * 1)
    table = open_results(path, ResultRequest()).table
    assert table.frame["latency_ms"].to_list() == [None]
    assert table.frame["output"].to_list() == ['{"label":"apple"}']
    assert table.notes == ("1 answers come from a cache: they have no latency",)
