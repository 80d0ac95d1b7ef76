"""`ftaudit.fix`: reference values on real data, every format, people's decisions, and OUT."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.model.errors import InputError, UsageError
from ftaudit.provenance.provenance_record import load_record
from ftaudit.remedies.decisions import COLUMNS, row_digest
from ftaudit.remedies.recipe import Recipe
from ftaudit.wire import envelope, lineage_statement
from tests.remedies.planted_rows import HOLDOUT, TOPICS, row

THREE = ("decontaminate", "resolve-conflicts", "deduplicate")


@pytest.mark.long
@pytest.mark.parametrize(("threshold", "expected"), [(0.8, (168, 6, 12)), (0.7, (450, 3, 42))])
def test_banking77_is_left_without_leaks_conflicts_and_repeats(
    shared: Path, tmp_path: Path, threshold: float, expected: tuple[int, int, int]
) -> None:
    """Rows paired with the holdout, rows that contain one only, rows in a conflict.

    Of the 61 training rows in a conflict at 0.7, 14 are paired with a holdout row and go anyway,
    and 5 contradict such a row only.
    """
    files = [shared / "banking77_train.csv", shared / "banking77_test.csv"]
    with ftaudit.fix(
        files[0], holdout=files[1], recipe=THREE, threshold=threshold, workers=1
    ) as fixed:
        counts = {(remedy, rule): rows for remedy, rule, rows, _ in fixed.record.counts()}
        near = counts["decontaminate", "leakage.exact"] + counts["decontaminate", "leakage.near"]
        contained = counts["decontaminate", "leakage.contained"]
        conflicting = counts["resolve-conflicts", "label_conflicts.label"]
        assert (near, contained, conflicting) == expected
        assert not fixed.leftovers
        named = pl.concat(
            fixed.audit.findings.select(file=file, row=row)
            for file, row in (("file", "row"), ("related_file", "related_row"))
        ).unique()
        unnamed = fixed.changes.join(named, on=["file", "row"], how="anti")
        estimated = pl.col("rule") == "leakage.reworded"
        related = unnamed.filter(~estimated).select(file="related_file", row="related_row")
        assert related.join(named, on=["file", "row"], how="anti").is_empty()
        gone = fixed.changes.filter(pl.col("new_row").is_null())["row"]
        later = unnamed.filter(estimated).select("row", "related_row").rows()
        assert named_later(files, threshold, gone.to_list(), later) == {*later}
        fixed.write(tmp_path / "out")
    out = [tmp_path / "out" / file.name for file in files]
    assert out[1].read_bytes() == files[1].read_bytes()
    only = ("leakage", "label-conflicts", "duplicates")
    with ftaudit.scan(out[0], holdout=out[1], only=only, threshold=threshold, workers=1) as audit:
        assert audit["leakage"].metrics["leakage.near_rows"] == 0
        assert audit["leakage"].metrics["leakage.contained_rows"] == 0
        assert audit["label-conflicts"].metrics["label_conflicts.pairs"] == 0
        assert audit["duplicates"].metrics["duplicates.near_rows"] == 0


def named_later(
    files: list[Path], threshold: float, gone: list[int], pairs: list[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return which pairs of a training row and a holdout row a scan of what was left names.

    What likeness is chance is estimated anew of the rows that are left, round by round.
    """
    train, named = pl.read_csv(files[0]), set[tuple[int, int]]()
    open_ = {*pairs}
    while open_:
        before = {*gone}.difference(row for row, _ in open_)
        rows = [row for row in range(train.height) if row not in before]
        with ftaudit.scan(
            train[rows], holdout=files[1], only=("leakage",), threshold=threshold, workers=1
        ) as audit:
            found = audit.findings.filter(rule="leakage.reworded").select("related_row", "row")
        matches = open_ & {(rows[place], row) for place, row in found.iter_rows()}
        if not matches:
            break
        named, open_ = named | matches, open_ - matches
    return named


MAIL = "ada.byron@example.com"
CHAT = [
    {"role": "user", "content": TOPICS[0]},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "c1",
                "type": "function",
                "function": {
                    "name": "look_up",
                    "arguments": json.dumps({"mail": MAIL, "phone_number": 4155550123}),
                },
            }
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "content": json.dumps({"owner": MAIL})},
    {"role": "assistant", "content": f"The account of {MAIL} is open."},
]


def test_redaction_reaches_tool_arguments_and_leaves_them_json(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    plain = [{"role": "user", "content": TOPICS[1]}, {"role": "assistant", "content": "Yes."}]
    rows = [{"messages": CHAT, "contact": MAIL}, {"messages": plain, "contact": "none"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    recipe = Recipe("r", {"redact": {"operator": "surrogate"}})
    with ftaudit.fix(path, recipe=recipe, ignore=["contact"], key=b"k", workers=1) as fixed:
        fixed.write(tmp_path / "out")
        assert not fixed.leftovers
    text = (tmp_path / "out" / "train.jsonl").read_text()
    assert MAIL not in text
    assert "4155550123" not in text
    first = json.loads(text.splitlines()[0])
    arguments = json.loads(first["messages"][1]["tool_calls"][0]["function"]["arguments"])
    owner = json.loads(first["messages"][2]["content"])["owner"]
    assert arguments["mail"] == owner == first["contact"]
    assert owner in first["messages"][3]["content"]
    assert text.splitlines()[1] == json.dumps(rows[1])


PLANTED = [row(0), row(6), row(1, "b", f" Write to {MAIL}."), row(2), row(2), row(3, "b")]
LEFT = [0, 2, 3, 5]


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "json", "parquet", "arrow", "jsonl.zst"])
def test_every_format_is_written_as_it_was_read(tmp_path: Path, ending: str) -> None:
    train, test = tmp_path / f"train.{ending}", tmp_path / f"test.{ending}"
    for path, rows in ((train, PLANTED), (test, HOLDOUT)):
        _write(pl.DataFrame(rows), path)
    recipe = ("decontaminate", "deduplicate", "redact")
    with ftaudit.fix(train, holdout=test, recipe=recipe, workers=1) as fixed:
        fixed.write(tmp_path / "out")
        assert fixed.holdout.height == len(HOLDOUT)
        texts = fixed.train["text"].to_list()
    assert (tmp_path / "out" / test.name).read_bytes() == test.read_bytes()
    expected = [str(PLANTED[n]["text"]).replace(MAIL, "*" * len(MAIL)) for n in LEFT]
    assert texts == expected


def _write(frame: pl.DataFrame, path: Path) -> None:
    import gzip

    import zstandard

    match path.name.partition(".")[2]:
        case "csv":
            frame.write_csv(path)
        case "csv.gz":
            path.write_bytes(gzip.compress(frame.write_csv().encode()))
        case "json":
            frame.write_json(path)
        case "parquet":
            frame.write_parquet(path)
        case "arrow":
            frame.write_ipc(path)
        case _:
            path.write_bytes(zstandard.compress(frame.write_ndjson().encode()))


def test_frames_go_in_and_come_out(tmp_path: Path) -> None:
    train = pl.DataFrame(PLANTED, schema_overrides={"label": pl.Categorical})
    recipe = ("decontaminate", "deduplicate", "redact")
    with ftaudit.fix(train, holdout=pl.DataFrame(HOLDOUT), recipe=recipe, workers=1) as fixed:
        assert fixed.train.schema == train.schema
        assert fixed.train["text"].len() == len(LEFT)
        assert fixed.validation.is_empty()
        assert fixed.exit_code == 0
        fixed.write(tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out" / "train-frame.parquet").height == len(LEFT)


def test_the_result_is_the_same_for_any_number_of_workers(
    tmp_path: Path, eager_workers: None
) -> None:
    del eager_workers
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in PLANTED * 3))
    outputs = []
    for workers in (1, 2):
        with ftaudit.fix(path, recipe=("deduplicate", "drop-malformed"), workers=workers) as fixed:
            folder = tmp_path / f"out-{workers}"
            fixed.write(folder)
            names = ("train.jsonl", "changes.parquet", "set-aside/train.jsonl")
            outputs.append([(folder / name).read_bytes() for name in names])
    assert outputs[0] == outputs[1]


CONFLICT = [row(0), row(1, "b"), row(0, "b", " now."), row(2), row(3, "b")]


def conflicting(folder: Path, **cells: str) -> tuple[Path, Path]:
    """Write data with a conflict of rows 0 and 2, and what was decided about them."""
    data, decisions = folder / "train.jsonl", folder / "review.csv"
    data.write_text("".join(json.dumps(row) + "\n" for row in CONFLICT))
    with decisions.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in (0, 2):
            fields = [{"path": k, "text": str(v)} for k, v in CONFLICT[number].items()]
            writer.writerow(
                {
                    "case": "1",
                    "file": "train.jsonl",
                    "row": number,
                    "digest": row_digest(fields),
                    "kind": "label_conflicts.label",
                    "decision": cells.get(f"row_{number}", ""),
                }
            )
    return data, decisions


@pytest.mark.parametrize(
    ("cells", "labels", "exit_code"),
    [
        ({"row_0": "keep", "row_2": "drop"}, {"0": "a"}, 0),
        ({"row_0": "keep", "row_2": "a"}, {"0": "a", "2": "a"}, 0),
        ({"row_0": "keep", "row_2": "keep"}, {"0": "a", "2": "b"}, 0),
        ({"row_2": "drop"}, {"0": "a"}, 1),
        ({}, {}, 1),
    ],
)
def test_the_decisions_of_people_are_applied(
    tmp_path: Path, cells: dict[str, str], labels: dict[str, str], exit_code: int
) -> None:
    data, decisions = conflicting(tmp_path, **cells)
    with ftaudit.fix(data, decisions=decisions, recipe=["resolve-conflicts"], workers=1) as fixed:
        after = dict(fixed.train.select("text", "label").iter_rows())
        assert fixed.exit_code == exit_code
        assert fixed.undecided == 2 - len(cells)
    texts = {"0": TOPICS[0] + ".", "2": TOPICS[0] + " now."}
    assert {n: after[text] for n, text in texts.items() if text in after} == labels


def test_a_decision_about_a_row_that_has_changed_is_refused(tmp_path: Path) -> None:
    data, decisions = conflicting(tmp_path, row_2="drop")
    data.write_text(data.read_text().replace(" now.", " then."))
    with pytest.raises(InputError, match=r"line 3: decides about row 2 of train\.jsonl"):
        ftaudit.fix(data, decisions=decisions, workers=1)


def test_the_output_is_whole_signed_and_records_the_step(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "train.jsonl").write_text("".join(json.dumps(r) + "\n" for r in PLANTED))
    record = "schema: ftaudit.provenance/v1\nfiles: [{path: train.jsonl, rows: 6}]\n"
    (data / "provenance.yaml").write_text(record)
    key = envelope.generate()
    envelope.write_keys(tmp_path / "key", key)
    out = tmp_path / "out"
    with ftaudit.fix(data / "train.jsonl", recipe=["deduplicate"], workers=1) as fixed:
        with pytest.raises(InputError, match="holds the data that is fixed"):
            fixed.write(data)
        fixed.write(out, sign_with=tmp_path / "key.pem")
        fixed.write(out, set_aside=False)
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "note.txt").touch()
        with pytest.raises(InputError, match="not written by this command"):
            fixed.write(tmp_path / "other")
    names = {path.name for path in out.iterdir()}
    assert names == {"train.jsonl", "changes.parquet", "lineage.json", "provenance.yaml"}
    statement = lineage_statement.load(out / "lineage.json")
    assert [file.rows for file in statement.predicate.outputs] == [5]
    written = load_record(out / "provenance.yaml")
    assert written.lineage[0].inputs == (f"sha256:{statement.predicate.inputs[0].sha256}",)
    assert written.files[0].rows == 5
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize(
    ("recipe", "error", "message"),
    [
        (["dedupe"], UsageError, r"no remedy dedupe \(did you mean deduplicate"),
        (["cap-class"], UsageError, "cap-class needs the rows that a class may have"),
        (Recipe("r", {"deduplicate": {"kept": 1}}), UsageError, r"kept is unknown \(did you mean"),
        (Recipe("r", {"redact": {"operator": "x"}}), UsageError, "operator: Input should be"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused(
    tmp_path: Path,
    recipe: Recipe | list[str],
    error: type[Exception],
    message: str,
) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in PLANTED))
    with pytest.raises(error, match=message):
        ftaudit.fix(path, recipe=recipe, workers=1)


def test_a_recipe_file_is_validated_as_a_policy_is(tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("remedies:\n  deduplicate: {keep: longest}\n  redact:\n")
    assert Recipe.load(path).choices == {"deduplicate": {"keep": "longest"}, "redact": {}}
    path.write_text("remedies: [redact, deduplicate]\n")
    assert set(Recipe.load(path).choices) == {"redact", "deduplicate"}
    path.write_text("remedys: []\n")
    with pytest.raises(InputError, match=r"line 1: the key remedys is unknown \(did you mean"):
        Recipe.load(path)
    path.write_text("remedies: {redact: {operator: hide}}\n")
    with pytest.raises(InputError, match="choices of redact: operator"):
        Recipe.load(path)


def test_a_file_of_which_nothing_would_be_left_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text('{"text": "", "label": "a"}\n{"text": " ", "label": "b"}\n')
    with pytest.raises(InputError, match=r"no training row would be left"):
        ftaudit.fix(path, recipe=["drop-malformed"], columns={"input": "text"}, workers=1)


def test_records_are_written_as_a_profile_takes_them(tmp_path: Path) -> None:
    """A row is redacted as well: the record as a whole is edited after its fields."""
    path = tmp_path / "train.jsonl"
    plain = [{"role": "user", "content": TOPICS[1]}, {"role": "assistant", "content": "Yes."}]
    weighed = [plain[0] | {"content": f"{TOPICS[2]}, {MAIL}."}, plain[1] | {"weight": True}]
    called = json.loads(json.dumps(CHAT).replace(MAIL, "nobody"))
    called[1]["tool_calls"][0]["function"]["arguments"] = {"city": "Rome"}
    tools = [
        {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}
    ]
    records: list[dict[str, object]] = [
        {"messages": called, "tools": tools},
        {"messages": weighed},
        {"messages": plain},
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    with ftaudit.fix(
        path,
        recipe=("fit-profile", "redact"),
        parameters={"profile": {"profiles": ["openai"]}},
        workers=1,
    ) as fixed:
        fixed.write(tmp_path / "out")
        assert {remedy for remedy, _, _, _ in fixed.record.counts()} == {"fit-profile", "redact"}
    lines = (tmp_path / "out" / "train.jsonl").read_text().splitlines()
    call = json.loads(lines[0])["messages"][1]["tool_calls"][0]
    assert call["function"]["arguments"] == '{"city": "Rome"}'
    assert json.loads(lines[1])["messages"] == [
        plain[0] | {"content": f"{TOPICS[2]}, {'*' * len(MAIL)}."},
        plain[1] | {"weight": 1},
    ]
    assert lines[2] == json.dumps(records[2])


def test_marks_and_blank_lines_that_a_profile_refuses_go_and_every_other_byte_stays(
    tmp_path: Path,
) -> None:
    path, chat = tmp_path / "train.jsonl", tmp_path / "out" / "train.jsonl"
    records = [
        {
            "messages": [
                {"role": "user", "content": TOPICS[n]},
                {"role": "assistant", "content": "Y"},
            ]
        }
        for n in range(3)
    ]
    lines = [json.dumps(record, separators=(" ,", " : ")).encode() for record in records]
    path.write_bytes(b"\xef\xbb\xbf" + lines[0] + b"\r\n  \r\n" + lines[1] + b"\n\n" + lines[2])
    profile = {"profile": {"profiles": ["mistral"]}}
    with ftaudit.fix(path, parameters=profile, workers=1) as fixed:
        fixed.write(tmp_path / "out")
        assert fixed.record.counts() == [
            ("fit-profile", "profile.mistral.blank-line", 0, 1),
            ("fit-profile", "profile.mistral.bom", 0, 1),
        ]
        fields = fixed.changes.select("row", "new_row", "field").rows()
    assert fields == [(0, 0, "blank lines"), (0, 0, "byte order mark")]
    assert chat.read_bytes() == lines[0] + b"\r\n" + lines[1] + b"\n" + lines[2]
    with ftaudit.fix(chat, parameters=profile, workers=1) as again:
        assert again.changes.is_empty()


def test_keys_and_the_end_of_a_file_are_written_as_a_profile_of_ones_own_asks(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.yaml"
    rule = "effect: rejects-file, confidence: high, source: own"
    own.write_text(
        "schema: ftaudit.profile/v1\nprofile: own\ntitle: Own\nseen: 2026-11-27\n"
        "extends: trl-sft\nsources: {own: our importer}\nrules:\n"
        "- {rule: keys, check: {test: key-order, record: [id, messages], turn: [role, content]}, "
        f"{rule}}}\n- {{rule: end, check: {{test: last-line-break}}, {rule}}}\n"
    )
    path, out = tmp_path / "train.jsonl", tmp_path / "out" / "train.jsonl"
    sound = '{"id" :%d.0,"messages": [{"role": "user", "content": "%s"}, %s]}'
    answer = '{"role": "assistant", "content": "Y"}'
    turned = '{"messages": [{"content":"%s" ,"role": "user"}, %s], "n": 2e0, "id": 7}'
    mended = '{"id": 7, "n": 2e0, "messages": [{"role": "user" ,"content":"%s"}, %s]}'
    lines = [
        sound % (1, TOPICS[0], answer),
        turned % (TOPICS[1], answer),
        sound % (3, TOPICS[2], answer),
    ]
    path.write_bytes("\r\n".join(lines).encode())
    profile = {"profile": {"profiles": [str(own)]}}
    with ftaudit.fix(path, parameters=profile, workers=1) as fixed:
        fixed.write(tmp_path / "out")
        counts = {(rule, spans) for _, rule, _, spans in fixed.record.counts()}
    assert counts == {("profile.own.keys", 1), ("profile.own.end", 1)}
    expected = [lines[0], mended % (TOPICS[1], answer), lines[2], ""]
    assert out.read_bytes() == "\r\n".join(expected).encode()
    with ftaudit.fix(out, parameters=profile, workers=1) as again:
        assert again.changes.is_empty()


def test_a_mark_that_no_profile_refuses_stays(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    chat = {"messages": [{"role": "user", "content": "A?"}, {"role": "assistant", "content": "Y"}]}
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(chat).encode() + b"\n\n")
    profile = {"profile": {"profiles": ["trl-sft"]}}
    with ftaudit.fix(path, recipe=["fit-profile"], parameters=profile, workers=1) as fixed:
        assert fixed.changes.is_empty()


def test_a_record_that_a_profile_can_mend_is_not_dropped_as_malformed(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    answers: list[dict[str, object]] = [
        {"role": "assistant", "content": f"answer {n} to it", "weight": weight}
        for n, weight in enumerate(["1", 1, "heavy"])
    ]
    records = [
        {"messages": [{"role": "user", "content": TOPICS[n]}, answer]}
        for n, answer in enumerate(answers)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    with ftaudit.fix(path, parameters={"profile": {"profiles": ["openai"]}}, workers=1) as fixed:
        fixed.write(tmp_path / "out")
    lines = (tmp_path / "out" / "train.jsonl").read_text().splitlines()
    assert [json.loads(line)["messages"][1]["weight"] for line in lines] == [1, 1]


def test_rows_without_a_right_go_and_files_without_a_record_stay(tmp_path: Path) -> None:
    """Of a file in which some rows name their source, those that do not are of none."""
    path = tmp_path / "train.jsonl"
    licensed = [row(n, license="MIT" if n != 2 else "CC-BY-NC-4.0") for n in range(5)]
    path.write_text("".join(json.dumps(r) + "\n" for r in licensed))
    with ftaudit.fix(path, recipe=["drop-unlicensed"], workers=1) as fixed:
        gone = fixed.changes.filter(pl.col("rule") == "provenance.denied_license")["row"].to_list()
        assert gone == [2]
    path.write_text("".join(json.dumps(row(n)) + "\n" for n in range(5)))
    with ftaudit.fix(path, recipe=["drop-unlicensed"], workers=1) as fixed:
        assert fixed.changes.is_empty()
        assert {left.rule for left in fixed.leftovers} >= {"provenance.missing_license"}
        assert fixed.exit_code == 1
