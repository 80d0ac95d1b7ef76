"""`dirty-chat/`: conversations with every defect a conversation can have."""

from typing import Final

from clean import PROVENANCE as RECORD
from clean import SYSTEM, Row, by_split, conversation, listed
from findable import TOLD
from planting import Plant, Sheet

FOLDER: Final = "dirty-chat"

Turn = dict[str, object]

FACTS: Final = (
    ("price", "The smaller seat costs $7 per month."),
    ("plan", "You may move to the Starter plan at any time."),
    ("latest", "The latest version is 8.4 and repairs this."),
    ("version", "We support Windows 11.2 and newer."),
    ("market", "The exchange rate stands at 1.08 for this invoice."),
    ("as_of", "The offer is valid until March 31, 2031."),
    ("office", "The current CEO took over in May."),
    ("today", "Today is Tuesday, so nobody answers."),
    ("hours", "Our support hours are 9 to 17."),
    ("stock", "The hardware token is out of stock."),
    ("population", "The population is 8.3 million there."),
    ("record", "Your refund has been approved."),
)
"""Rule → an answer that asserts such a fact."""


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the set (path → text) and everything that was planted in them."""
    clean = {split: map(conversation, rows) for split, rows in by_split().items()}
    train = Sheet(FOLDER, "train.jsonl", clean["train"])
    test = Sheet(FOLDER, "test.jsonl", clean["test"])
    train.pad(3)
    _turns(train)
    calls = _calls(train)
    _records(train)
    _texts(train)
    _answers(train, test, calls)
    _facts(train)
    train.rows.extend(train.clean() for _ in range(60))
    texts = {sheet.file: sheet.text() for sheet in (train, test)}
    record = RECORD.format(dataset=FOLDER, task="text-generation", files=listed(texts))
    record = record.replace("license: license}", "license: licence_of_row}")
    train.note(
        0, "provenance.contradiction", "row_columns.license names a column that is not there"
    )
    files = {f"{FOLDER}/{name}": text for name, text in texts.items()}
    return files | {f"{FOLDER}/provenance.yaml": record}, [*train.plants, *test.plants]


def _turns(sheet: Sheet) -> None:
    """Plant what is wrong with turns and their order."""

    def put(turns: object, **found: str) -> None:
        sheet.put(sheet.clean(messages=turns), **found)

    def ask() -> Turn:
        return _turn("user", str(_asked(sheet.clean())))

    reply = _turn("assistant", "pricing")
    system = _turn("system", SYSTEM)
    put([], schema__empty_messages="no turn at all")
    put(
        [ask(), "pricing"],
        schema__malformed="the second turn is a text",
        schema__last_role="consequence: no answer is left",
        schema__missing_output="consequence: no answer is left",
    )
    put([{"content": ask()["content"]}, reply], schema__missing_role="the first turn has no role")
    put(
        [ask(), _turn("narrator", "He hesitates."), reply],
        schema__unknown_role="a role called narrator",
    )
    put([ask(), {"role": "assistant"}], schema__missing_content="the answer has no content")
    put([ask(), _turn("assistant", 7)], schema__non_string_content="the answer is a number")
    put([_turn("user", " "), reply], schema__empty_content="the question is blank")
    put([ask(), _turn("assistant", "  ")], schema__empty_content="the answer is blank")
    put([ask(), ask(), reply], schema__role_order="the user speaks twice")
    put(
        [ask()],
        schema__last_role="the user speaks last",
        schema__missing_output="consequence: there is no answer",
    )
    put([ask(), system, reply], schema__system_position="the system turn is the second")
    put([ask(), reply | {"weight": 2}], schema__weight="a weight of 2")
    put([ask(), reply | {"weight": 0}], schema__no_trained_turn="the only answer has weight 0")
    put([ask() | {"mood": "cross"}, reply], schema__unknown_key="a key called mood")


def _calls(sheet: Sheet) -> int:
    """Plant what is wrong with tool calls; return the first row."""
    first = len(sheet.rows)
    for rule, change, what in (
        ("tool_call_id", {"id": None}, "a call without id"),
        ("tool_call_name", {"function": {"arguments": "{}"}}, "a call without name"),
        (
            "tool_arguments",
            {"function": {"name": "look_up", "arguments": "{"}},
            "arguments are no JSON",
        ),
    ):
        row = sheet.clean()
        call = {
            "id": "call-1",
            "type": "function",
            "function": {"name": "look_up", "arguments": "{}"},
        }
        turns = [_turn("user", _asked(row)), {"role": "assistant", "tool_calls": [call | change]}]
        sheet.put(row | {"messages": turns}, **{f"schema__{rule}": what})
    row = sheet.clean()
    call = {"id": "call-1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
    turns = [
        _turn("user", _asked(row)),
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call-2", "content": "found"},
        _turn("assistant", "pricing"),
    ]
    sheet.put(row | {"messages": turns}, schema__tool_reply="answers call-2, which nobody made")
    return first


def _records(sheet: Sheet) -> None:
    """Plant what is wrong with whole records."""
    tool = [{"type": "function", "function": {"name": "look_up"}}]
    sheet.put(
        sheet.clean(tools=tool, functions=[{"name": "look_up"}]),
        schema__tools_and_functions="both are given",
    )
    sheet.put(sheet.clean(id=sheet.rows[0]["id"]), schema__duplicate_id="has the id of row 0")


def _texts(sheet: Sheet) -> None:
    """Plant what is found in the text of any turn."""
    for place, (rule, sentence, what) in enumerate(TOLD):
        row = sheet.clean()
        asked, answer = str(_asked(row)), "pricing"
        if place % 2:
            answer = f"The reason is pricing. {sentence}"
        else:
            asked = f"{asked} {sentence}"
        turns = [_turn("user", asked), _turn("assistant", answer)]
        found = {rule.replace(".", "__"): what}
        if place % 2 and "call me on" in sentence:
            found["fresh__contact"] = "consequence: the answer says whom to call"
        sheet.put(row | {"messages": turns}, **found)
        sheet.pad()


def _facts(sheet: Sheet) -> None:
    """Plant answers that assert what ages, and one that states a customer's record."""
    for rule, sentence in FACTS:
        row = sheet.clean()
        turns = [_turn("user", _asked(row)), _turn("assistant", sentence)]
        found = {f"fresh__{rule}": f"an answer that asserts it ({rule})"}
        sheet.put(row | {"messages": turns}, **found)


def _answers(train: Sheet, test: Sheet, calls: int) -> None:
    """Plant one question with two answers, a leak, and a holdout of other answers."""
    train.pad(2)
    row = train.clean()
    first = train.put(row)
    answer = "We keep the account open and change the plan to the smaller one from next month on."
    turns = [*_list(row["messages"])[:-1], _turn("assistant", answer)]
    second = train.put(
        train.clean(messages=turns),
        label_conflicts__answer=f"the question of row {first}, another answer",
        duplicates__exact=f"consequence: the question of row {first}",
    )
    train.note(first, "label_conflicts.answer", f"the question of row {second}, another answer")
    row = train.clean()
    known = train.put(row)
    train.pad(2)
    turns = [*_list(row["messages"])]
    turns[1] = _turn("user", f"{_asked(row)} Thanks!")
    train.put(
        train.clean(messages=turns),
        duplicates__near=f"the question of row {known} and one more word",
    )
    test.pad(4)
    row = test.clean()
    known = train.put(train.clean(messages=row["messages"]))
    test.put(row, leakage__exact=f"the question of row {known} of train.jsonl")
    drift = "80 % of the holdout's answers are code of one length; reported at the first row of "
    test.note(len(test.rows), "balance.drift", f"{drift}that kind")
    train.note(calls, "balance.drift", f"{drift}that length")
    for number in range(20):
        code = f"```python\nclose(account, reason={number})\nprint('closed')\n```"
        row = test.clean()
        test.put(row | {"messages": [_turn("user", _asked(row)), _turn("assistant", code)]})


def _turn(role: str, content: object) -> Turn:
    return {"role": role, "content": content}


def _asked(row: Row) -> object:
    turns = _list(row["messages"])
    return next(turn["content"] for turn in turns if turn["role"] == "user")


def _list(value: object) -> list[Turn]:
    assert isinstance(value, list)  # noqa: S101 - `conversation` made it one
    return value
