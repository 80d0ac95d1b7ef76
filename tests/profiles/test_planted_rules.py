"""Every rule of every profile, each broken on purpose in a file that is sound otherwise."""

import json
from importlib import resources
from typing import Final

import pytest
import yaml

from ftaudit.profiles.file_judgement import judge_file
from ftaudit.profiles.profile_catalogue import built_in, load_profile

Json = dict[str, object]
BAD_LINE: Final = 5
LINES: Final = 40

USER: Final[Json] = {"role": "user", "content": "Where is order A17?"}
ANSWER: Final[Json] = {"role": "assistant", "content": "It was shipped."}
SYSTEM: Final[Json] = {"role": "system", "content": "Be brief."}
FUNCTION: Final[Json] = {
    "name": "get_order",
    "description": "Look an order up",
    "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
}
TOOLS: Final[list[Json]] = [{"type": "function", "function": FUNCTION}]
PNG: Final = "data:image/png;base64,iVBORw0KGgo="


def chat(*turns: object, **keys: object) -> Json:
    return {"messages": list(turns), **keys}


def answer(**keys: object) -> Json:
    return chat(USER, {**ANSWER, **keys})


def user(**keys: object) -> Json:
    return chat({**USER, **keys}, ANSWER)


def call(arguments: object = '{"id": "A17"}', /, name: str = "get_order", **keys: object) -> Json:
    function = {"name": name, "arguments": arguments}
    return {"id": "call00001", "type": "function", "function": function, **keys}


def calling(*calls: object, reply: object = "call00001", **keys: object) -> Json:
    turn = {"role": "assistant", "content": None, "tool_calls": list(calls)}
    return chat(
        USER, turn, {"role": "tool", "tool_call_id": reply, "content": "sent"}, ANSWER, **keys
    )


def without(record: Json, *path: str | int) -> Json:
    copy: Json = json.loads(json.dumps(record))
    inner: object = copy
    for key in path[:-1]:
        inner = inner[key]  # type: ignore[index] # the path is of this record
    del inner[path[-1]]  # type: ignore[attr-defined] # likewise
    return copy


def image(url: str, role: str = "user") -> Json:
    parts = [{"type": "image_url", "image_url": {"url": url}}]
    turn = {"role": role, "content": parts}
    text = {"role": "assistant", "content": [{"type": "text", "text": "A dot."}]}
    return chat(turn, text) if role == "user" else chat({**USER, "content": text["content"]}, turn)


IMAGE: Final = [{"type": "image_url", "image_url": {"url": PNG}}]


def images(count: int) -> Json:
    part = {"type": "image_url", "image_url": {"url": PNG}}
    text = {"role": "assistant", "content": [{"type": "text", "text": "Dots."}]}
    return chat({"role": "user", "content": [part] * count}, text)


def nova(*turns: object, **keys: object) -> Json:
    return {"schemaVersion": "bedrock-conversation-2024", "messages": list(turns), **keys}


NOVA_USER: Final[Json] = {"role": "user", "content": [{"text": "Where is order A17?"}]}
NOVA_ANSWER: Final[Json] = {"role": "assistant", "content": [{"text": "It was shipped."}]}
SPEC: Final[Json] = {
    "toolSpec": {
        "name": "get_order",
        "description": "d",
        "inputSchema": {"json": {"type": "object"}},
    }
}


def nova_call(**keys: object) -> Json:
    use = {"toolUseId": "u1", "name": "get_order", "input": {}, **keys}
    turn = {"role": "assistant", "content": [{"toolUse": use}]}
    return nova(NOVA_USER, turn, toolConfig={"tools": [SPEC]})


def nova_image(uri: str, role: str = "user", count: int = 1) -> Json:
    part = {"image": {"format": "png", "source": {"s3Location": {"uri": uri}}}}
    turns = {"user": NOVA_USER, "assistant": NOVA_ANSWER}
    turns[role] = {"role": role, "content": [{"text": "x"}, *[part] * count]}
    return nova(*turns.values())


def gemini(*turns: object, **keys: object) -> Json:
    return {"contents": list(turns), **keys}


G_USER: Final[Json] = {"role": "user", "parts": [{"text": "Where is order A17?"}]}
G_MODEL: Final[Json] = {"role": "model", "parts": [{"text": "It was shipped."}]}


def dpo(**keys: object) -> Json:
    return {
        "input": {"messages": [USER]},
        "preferred_output": [ANSWER],
        "non_preferred_output": [{"role": "assistant", "content": "No idea."}],
        **keys,
    }


TRL_DPO: Final[Json] = {"prompt": "Where?", "chosen": "There.", "rejected": "No idea."}
KTO: Final[Json] = {"prompt": "Where?", "completion": "There.", "label": True}
ALPACA: Final[Json] = {"instruction": "Where?", "input": "", "output": "There."}
CANDIDATES: Final[Json] = {
    "role": "assistant",
    "candidates": [
        {"content": [{"text": "a"}], "preferenceLabel": "preferred"},
        {"content": [{"text": "b"}], "preferenceLabel": "non-preferred"},
    ],
}
COHERE: Final[Json] = chat({"role": "User", "content": "a"}, {"role": "Chatbot", "content": "b"})

SOUND: Final[dict[str, Json]] = {
    "openai": chat(SYSTEM, USER, ANSWER),
    "azure-openai": chat(USER, USER, ANSWER),
    "openai-dpo": dpo(),
    "openai-rft": chat({"role": "developer", "content": "Be brief."}, USER, reference="x"),
    "together": chat(SYSTEM, USER, ANSWER),
    "together-dpo": dpo(),
    "fireworks": {**chat(SYSTEM, USER, ANSWER), "id": 7},
    "mistral": chat(USER, USER, ANSWER),
    "trl-sft": chat(USER, ANSWER),
    "unsloth": chat(USER, ANSWER),
    "trl-dpo": TRL_DPO,
    "trl-reward": TRL_DPO,
    "trl-kto": KTO,
    "trl-grpo": {"prompt": "Where?"},
    "axolotl": chat(USER, ANSWER),
    "llamafactory": ALPACA,
    "torchtune": chat(SYSTEM, USER, ANSWER),
    "bedrock-nova": nova(NOVA_USER, NOVA_ANSWER, system=[{"text": "Be brief."}]),
    "bedrock-nova-dpo": nova(NOVA_USER, CANDIDATES),
    "bedrock-claude": {"system": "Be brief.", **chat(USER, ANSWER)},
    "gemini": gemini(G_USER, G_MODEL, systemInstruction={"parts": [{"text": "Be brief."}]}),
    "cohere": COHERE,
}

RAW: Final[dict[str, bytes]] = {
    "encoding": b'{"messages": "\xe9"}',
    "json": b'{"messages": [}',
    "object": b"[1, 2]",
    "blank-line": b"   ",
    "surrogate": b'{"x": "\\ud83d"}',
}
"""Lines that break a rule under every profile that has it."""

PLANTED: Final[list[tuple[str, str, Json]]] = [
    ("openai", "messages", {"messages": "x"}),
    ("openai", "messages", {"prompt": "x"}),
    ("openai", "messages", chat()),
    ("openai", "messages", chat("x")),
    ("openai", "extra-key", answer(timestamp="2026")),
    ("openai", "extra-key", {**chat(USER, ANSWER), "id": 7}),
    ("openai", "no-assistant", chat(SYSTEM, USER)),
    ("openai", "last-role", chat(USER, ANSWER, USER)),
    ("openai", "role", answer(role="bot")),
    ("openai", "role", without(answer(), "messages", 1, "role")),
    ("openai", "role", answer(role=None)),
    ("openai", "deprecated", chat(USER, {"role": "function", "name": "f", "content": "x"}, ANSWER)),
    ("openai", "deprecated", chat(USER, ANSWER, functions=[])),
    ("openai", "content", answer(content=None)),
    ("openai", "content", answer(content=7)),
    ("openai", "content", without(answer(), "messages", 1, "content")),
    ("openai", "content", user(content=None)),
    ("openai", "empty-content", answer(content="")),
    ("openai", "empty-content", answer(content=[])),
    ("openai", "empty-content", user(content="")),
    ("openai", "part", user(content=[{"type": "video", "video": "x"}])),
    ("openai", "part", user(content=[{"type": "text"}])),
    ("openai", "part", user(content=["x"])),
    ("openai", "image-role", image(PNG, "assistant")),
    ("openai", "image", image("ftp://example.com/a.png")),
    ("openai", "image", image("data:image/gif;base64,R0lGODlh")),
    ("openai", "too-many-images", images(65)),
    ("openai", "weight", answer(weight=2)),
    ("openai", "weight", answer(weight=True)),
    ("openai", "weight", answer(weight=0.5)),
    ("openai", "weight", answer(weight="1")),
    ("openai", "weight", answer(weight=None)),
    ("openai", "weight", user(weight=0)),
    ("openai", "no-trained-turn", answer(weight=0)),
    ("openai", "name", user(name="a b")),
    ("openai", "tools", chat(USER, ANSWER, tools={})),
    ("openai", "tools", chat(USER, ANSWER, tools=[{"function": FUNCTION}])),
    (
        "openai",
        "tools",
        chat(USER, ANSWER, tools=[{"type": "function", "function": {"name": "a b"}}]),
    ),
    ("openai", "tools-and-functions", chat(USER, ANSWER, tools=TOOLS, functions=[FUNCTION])),
    ("openai", "tool-call", calling(without(call(), "id"), tools=TOOLS)),
    ("openai", "tool-call", calling(call(type="tool"), tools=TOOLS)),
    ("openai", "tool-call", calling(call(name="a b"), tools=TOOLS)),
    ("openai", "tool-call", answer(tool_calls="x")),
    ("openai", "tool-arguments", calling(call({"id": "A17"}), tools=TOOLS)),
    ("openai", "tool-arguments", calling(call(""), tools=TOOLS)),
    ("openai", "tool-arguments", calling(call("[1]"), tools=TOOLS)),
    ("openai", "tool-reply", calling(call(), reply=None, tools=TOOLS)),
    ("openai", "tool-reply", calling(call(), reply="other", tools=TOOLS)),
    ("openai", "tool-unknown", calling(call(name="other"), tools=TOOLS)),
    ("azure-openai", "role-order", chat(USER, ANSWER, ANSWER)),
    ("openai-dpo", "keys", {"input": {"messages": [USER]}}),
    ("openai-dpo", "messages", dpo(input={"messages": "x"})),
    ("openai-dpo", "preference", dpo(preferred_output=[])),
    ("openai-dpo", "preference", dpo(preferred_output=[USER])),
    ("openai-dpo", "preference", dpo(non_preferred_output="x")),
    ("openai-dpo", "part", dpo(input=image(PNG))),
    ("openai-rft", "role", chat({"role": "bot", "content": "x"}, USER)),
    ("openai-rft", "last-role", chat(USER, ANSWER)),
    ("together", "mixed-format", {"text": "x"}),
    ("together", "keys", {"prompt": "x"}),
    ("together", "keys", {"text": "x", **chat(USER, ANSWER)}),
    ("together", "extra-key", {"id": 7, **chat(USER, ANSWER)}),
    ("together", "messages", {"messages": "x"}),
    ("together", "messages", chat()),
    ("together", "content", answer(content=7)),
    ("together", "content", without(answer(), "messages", 1, "content")),
    ("together", "content", answer(content=None)),
    ("together", "content", {"text": 7}),
    ("together", "empty-content", answer(content="")),
    ("together", "role", chat({"role": "developer", "content": "x"}, USER, ANSWER)),
    ("together", "no-assistant", chat(USER)),
    ("together", "first-role", chat(ANSWER, USER, ANSWER)),
    ("together", "last-role", chat(USER, ANSWER, USER)),
    ("together", "role-order", chat(USER, USER, ANSWER)),
    ("together", "role-order", chat(USER, ANSWER, ANSWER)),
    ("together", "preference", dpo(preferred_output=[ANSWER, ANSWER])),
    ("together", "part", user(content=[{"type": "video"}])),
    ("together", "mixed-content", user(content=[{"type": "text", "text": "x"}])),
    ("together", "image-role", image(PNG, "assistant")),
    ("together", "image", image("https://example.com/a.png")),
    ("together", "too-many-images", images(11)),
    ("together", "weight", answer(weight=2)),
    ("together", "weight", answer(weight=1.0)),
    ("together", "weight", user(weight=1, content=IMAGE)),
    ("together", "no-trained-turn", answer(weight=0)),
    ("together", "tools", chat(USER, ANSWER, tools="x")),
    ("together-dpo", "keys", chat(USER, ANSWER)),
    ("together-dpo", "last-role", dpo(input={"messages": [USER, ANSWER]})),
    ("together-dpo", "preference", dpo(preferred_output=[])),
    ("fireworks", "role", answer(role="function")),
    ("fireworks", "system-position", chat(USER, SYSTEM, ANSWER)),
    ("fireworks", "weight", answer(weight=2)),
    ("fireworks", "weight", {**chat(USER, ANSWER), "weight": "x"}),
    ("fireworks", "image", image("https://example.com/a.png")),
    ("mistral", "messages", {"prompt": "x"}),
    ("mistral", "messages", chat()),
    ("mistral", "messages", chat(USER, ANSWER, interactions=[USER, ANSWER])),
    ("mistral", "role", answer(role="function")),
    ("mistral", "content", answer(content=None)),
    ("mistral", "content", answer(content=[{"type": "text", "text": "x"}])),
    ("mistral", "content", answer(text="x")),
    ("mistral", "content", answer(tool_calls=[call()])),
    ("mistral", "empty-content", answer(content="")),
    ("mistral", "last-role", chat(USER, ANSWER, USER)),
    ("mistral", "system-position", chat(SYSTEM, SYSTEM, USER, ANSWER)),
    (
        "mistral",
        "role-order",
        chat(USER, {"role": "tool", "content": "x", "tool_call_id": "a" * 9}, ANSWER),
    ),
    ("mistral", "part", user(content=[{"type": "video"}])),
    (
        "mistral",
        "image-role",
        chat({**SYSTEM, "content": IMAGE}, USER, ANSWER),
    ),
    ("mistral", "weight", answer(weight=2)),
    ("mistral", "weight", answer(weight=0.5)),
    ("mistral", "no-trained-turn", answer(weight=0)),
    ("mistral", "masked", chat(USER, ANSWER, USER, ANSWER, tools=TOOLS)),
    (
        "mistral",
        "name",
        chat(
            USER, {"role": "tool", "content": "x", "name": "a b", "tool_call_id": "a" * 9}, ANSWER
        ),
    ),
    ("mistral", "tools-and-functions", chat(USER, ANSWER, tools=TOOLS, available_tools=TOOLS)),
    ("mistral", "tools", chat(USER, ANSWER, tools=[{"function": {"name": "f"}}])),
    ("mistral", "tools", chat(USER, ANSWER, tools=[{"function": {**FUNCTION, "name": "a b"}}])),
    (
        "mistral",
        "tools",
        chat(USER, ANSWER, tools=[{"function": {**FUNCTION, "parameters": {"type": 7}}}]),
    ),
    ("mistral", "tools", chat(USER, ANSWER, available_tools=[{"function": {"name": "f"}}])),
    ("mistral", "tool-call", calling(without(call(), "id"), tools=TOOLS)),
    ("mistral", "tool-call", calling(call(name="a b"), tools=TOOLS)),
    ("mistral", "tool-call-id", calling(call(id="call_1"), reply="call_1", tools=TOOLS)),
    ("mistral", "tool-arguments", calling(call({"id": "A17"}), tools=TOOLS)),
    ("mistral", "tool-reply", calling(call(), reply=None, tools=TOOLS)),
    ("mistral", "tool-reply", calling(call(), call(id="call00002"), tools=TOOLS)),
    ("llamafactory", "tools", {**ALPACA, "tools": " "}),
    ("trl-sft", "mixed-format", {"text": "x"}),
    ("trl-sft", "keys", {"id": 7}),
    ("trl-sft", "messages", {"messages": "x"}),
    ("trl-sft", "role", without(answer(), "messages", 1, "role")),
    ("trl-sft", "role", answer(role="bot")),
    ("trl-sft", "content", answer(content=None)),
    ("trl-sft", "content", {"text": 7}),
    ("trl-sft", "mixed-content", {"prompt": "x", "completion": [ANSWER]}),
    ("trl-sft", "no-assistant", chat(USER)),
    ("trl-dpo", "keys", {"prompt": "x", "chosen": "y"}),
    ("trl-dpo", "mixed-content", {**TRL_DPO, "prompt": [USER]}),
    ("trl-dpo", "content", {**TRL_DPO, "prompt": 7}),
    ("trl-dpo", "preference", {**TRL_DPO, "chosen": None}),
    ("trl-dpo", "messages", {"prompt": [USER], "chosen": [], "rejected": [ANSWER]}),
    ("trl-kto", "keys", {"prompt": "x", "completion": "y"}),
    ("trl-kto", "label", {**KTO, "label": "True"}),
    ("trl-kto", "label", {**KTO, "label": None}),
    ("trl-kto", "label", {**KTO, "label": 1}),
    ("trl-kto", "content", {**KTO, "completion": 7}),
    ("trl-grpo", "keys", {"question": "x"}),
    ("trl-grpo", "content", {"prompt": 7}),
    ("axolotl", "messages", {"messages": None}),
    ("axolotl", "messages", chat()),
    ("axolotl", "role", answer(role="bot")),
    ("axolotl", "content", answer(content=None)),
    ("axolotl", "empty-content", answer(content="")),
    ("axolotl", "last-role", chat(USER, ANSWER, USER)),
    ("axolotl", "no-assistant", chat(USER)),
    ("axolotl", "tools", chat(USER, ANSWER, tools=" ")),
    ("axolotl", "tools", chat(USER, ANSWER, tools={})),
    ("axolotl", "tool-arguments", calling(call(""), tools=TOOLS)),
    ("llamafactory", "keys", {"prompt": "x"}),
    ("llamafactory", "messages", {"conversations": "x"}),
    ("llamafactory", "role", answer(role="bot")),
    ("llamafactory", "first-role", chat(ANSWER, USER, ANSWER)),
    ("llamafactory", "last-role", chat(USER, ANSWER, USER)),
    ("llamafactory", "role-order", chat(USER, USER, ANSWER)),
    ("llamafactory", "content", {**ALPACA, "output": None}),
    ("llamafactory", "content", without(answer(), "messages", 1, "content")),
    ("llamafactory", "empty-content", answer(content="")),
    ("llamafactory", "history-trained", {**ALPACA, "history": [["a", "b"]]}),
    ("torchtune", "keys", {"prompt": "x"}),
    ("torchtune", "messages", chat(USER)),
    ("torchtune", "role", answer(role="bot")),
    ("torchtune", "first-role", chat(ANSWER, USER, ANSWER)),
    ("torchtune", "system-position", chat(USER, ANSWER, SYSTEM, USER, ANSWER)),
    ("torchtune", "role-order", chat(USER, USER, ANSWER)),
    ("torchtune", "content", answer(content=None)),
    ("bedrock-nova", "schema-version", {**nova(NOVA_USER, NOVA_ANSWER), "schemaVersion": 1}),
    ("bedrock-nova", "schema-version", chat(NOVA_USER, NOVA_ANSWER)),
    ("bedrock-nova", "messages", {"schemaVersion": "x"}),
    ("bedrock-nova", "messages", nova(NOVA_USER)),
    ("bedrock-nova", "system-position", nova(NOVA_USER, NOVA_ANSWER, system="x")),
    ("bedrock-nova", "role", nova(NOVA_USER, {**NOVA_ANSWER, "role": "model"})),
    ("bedrock-nova", "first-role", nova(NOVA_ANSWER, NOVA_USER, NOVA_ANSWER)),
    ("bedrock-nova", "last-role", nova(NOVA_USER, NOVA_ANSWER, NOVA_USER)),
    ("bedrock-nova", "no-assistant", nova(NOVA_USER, NOVA_USER)),
    ("bedrock-nova", "role-order", nova(NOVA_USER, NOVA_USER, NOVA_ANSWER)),
    ("bedrock-nova", "content", nova(USER, NOVA_ANSWER)),
    (
        "bedrock-nova",
        "empty-content",
        nova(NOVA_USER, {"role": "assistant", "content": [{"text": ""}]}),
    ),
    ("bedrock-nova", "part", nova({"role": "user", "content": [{"audio": {}}]}, NOVA_ANSWER)),
    ("bedrock-nova", "image-role", nova_image("s3://a/b.png", "assistant")),
    ("bedrock-nova", "image", nova_image("https://a/b.png")),
    ("bedrock-nova", "too-many-images", nova_image("s3://a/b.png", count=11)),
    (
        "bedrock-nova",
        "reserved-token",
        nova({"role": "user", "content": [{"text": "user: x"}]}, NOVA_ANSWER),
    ),
    (
        "bedrock-nova",
        "reserved-token",
        nova({"role": "user", "content": [{"text": "x [EOS]"}]}, NOVA_ANSWER),
    ),
    (
        "bedrock-nova",
        "reserved-token",
        nova({"role": "user", "content": [{"text": "Thought: x"}]}, NOVA_ANSWER),
    ),
    ("bedrock-nova", "reserved-token", nova(NOVA_USER, NOVA_ANSWER, system=[{"text": "Bot: x"}])),
    (
        "bedrock-nova",
        "tools",
        nova(NOVA_USER, NOVA_ANSWER, toolConfig={"tools": [{"toolSpec": {}}]}),
    ),
    ("bedrock-nova", "tool-call", nova_call(toolUseId="")),
    ("bedrock-nova", "tool-arguments", nova_call(input="{}")),
    ("bedrock-nova", "tool-unknown", nova_call(name="other")),
    (
        "bedrock-nova",
        "tool-call-id",
        nova(
            NOVA_USER,
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "u", "name": "n", "input": {}}}] * 2,
            },
        ),
    ),
    ("bedrock-nova-dpo", "preference", nova(NOVA_USER, NOVA_ANSWER)),
    ("bedrock-nova-dpo", "content", nova(USER, CANDIDATES)),
    ("bedrock-claude", "extra-key", {"id": 7, **chat(USER, ANSWER)}),
    ("bedrock-claude", "extra-key", answer(weight=1)),
    ("bedrock-claude", "system-position", {"system": [], **chat(USER, ANSWER)}),
    ("bedrock-claude", "content", answer(content=[{"text": "x"}])),
    ("bedrock-claude", "role-order", chat(USER, USER, ANSWER)),
    ("gemini", "messages", {"messages": []}),
    ("gemini", "messages", gemini()),
    ("gemini", "system-position", gemini(G_USER, G_MODEL, systemInstruction="x")),
    ("gemini", "role", gemini(G_USER, {**G_MODEL, "role": "assistant"})),
    ("gemini", "last-role", gemini(G_USER, G_MODEL, G_USER)),
    ("gemini", "no-assistant", gemini(G_USER)),
    ("gemini", "content", gemini(G_USER, {"role": "model", "parts": "x"})),
    ("gemini", "empty-content", gemini(G_USER, {"role": "model", "parts": []})),
    ("gemini", "part", gemini(G_USER, {"role": "model", "parts": [{"video": 1}]})),
    ("cohere", "messages", {"prompt": "x"}),
    ("cohere", "messages", chat()),
    ("cohere", "role", chat({"role": "user", "content": "a"}, {"role": "Chatbot", "content": "b"})),
    ("cohere", "no-assistant", chat({"role": "User", "content": "a"})),
    (
        "cohere",
        "content",
        chat({"role": "User", "content": "a"}, {"role": "Chatbot", "content": None}),
    ),
]

OTHERWISE: Final = frozenset(
    {"bom", "too-few", "too-many", "file-size", "file-type", "duplicate-key", "number"}
)
"""Rules of whole files and of single lines that have tests of their own below."""


def broken(data: bytes, profile: str, name: str = "data.jsonl") -> list[tuple[int, str]]:
    violations = judge_file(data, name, load_profile(profile))
    return [(v.line, v.violation.rule.rule) for v in violations]


def strong(data: bytes, profile: str) -> list[tuple[int, str]]:
    violations = judge_file(data, "data.jsonl", load_profile(profile))
    return [
        (v.line, v.violation.rule.rule)
        for v in violations
        if v.violation.rule.severity in {"high", "medium"}
    ]


def planted(profile: str, bad: bytes) -> bytes:
    lines = [json.dumps(SOUND[profile]).encode()] * LINES
    lines[BAD_LINE - 1] = bad
    return b"\n".join(lines) + b"\n"


def own_rules(profile: str) -> set[str]:
    folder = resources.files("ftaudit.profiles") / "builtin"
    document = yaml.safe_load((folder / f"{profile}.yaml").read_text("utf-8"))
    return {rule["rule"] for rule in document.get("rules", ())}


@pytest.mark.parametrize("profile", built_in())
def test_sound_records_are_left_alone(profile: str) -> None:
    data = json.dumps(SOUND[profile]).encode() + b"\n"
    assert strong(data * LINES, profile) == []


@pytest.mark.parametrize("profile", built_in())
def test_every_rule_that_a_profile_adds_is_planted(profile: str) -> None:
    here = {rule for name, rule, _ in PLANTED if name == profile}
    assert own_rules(profile) - here - set(RAW) - OTHERWISE == set()


@pytest.mark.parametrize(("profile", "rule", "record"), PLANTED)
def test_a_planted_record_is_named_with_its_line_and_rule(
    profile: str, rule: str, record: Json
) -> None:
    bad = json.dumps(record).encode()
    assert (BAD_LINE, rule) in broken(planted(profile, bad), profile)


@pytest.mark.parametrize(("profile", "rule", "record"), PLANTED)
def test_no_line_beside_a_planted_one_is_accused(profile: str, rule: str, record: Json) -> None:
    bad = json.dumps(record).encode()
    accused = {line for line, found in strong(planted(profile, bad), profile) if found != "weight"}
    assert accused <= {BAD_LINE}, rule


@pytest.mark.parametrize("profile", built_in())
@pytest.mark.parametrize("rule", RAW)
def test_a_planted_line_is_named_and_the_others_are_left_alone(profile: str, rule: str) -> None:
    rules = {r.rule for r in load_profile(profile).rules}
    found = broken(planted(profile, RAW[rule]), profile)
    assert ((BAD_LINE, rule) in found) == (rule in rules)
    assert {line for line, _ in strong(planted(profile, RAW[rule]), profile)} <= {BAD_LINE}


@pytest.mark.parametrize("profile", built_in())
def test_a_key_that_stands_twice_is_named_at_any_depth(profile: str) -> None:
    text = json.dumps(SOUND[profile])
    top = f"{{{text[1:-1]}, {text[1:-1]}}}".encode()
    assert (BAD_LINE, "duplicate-key") in strong(planted(profile, top), profile)
    inner = f'{text[:-1]}, "x": {{"y": 1, "y": 1}}}}'.encode()
    assert (BAD_LINE, "duplicate-key") in strong(planted(profile, inner), profile)


@pytest.mark.parametrize("profile", built_in())
@pytest.mark.parametrize("number", ["NaN", "1e400", "123456789012345678901234"])
def test_an_odd_number_is_named_where_a_rule_says_so(profile: str, number: str) -> None:
    text = json.dumps(SOUND[profile])
    flaw = {"NaN": "non-finite", "1e400": "overflow"}.get(number, "wide-integer")
    rules = {
        rule.rule
        for rule in load_profile(profile).rules
        if flaw in getattr(rule.check, "flaws", ())
    }
    found = broken(planted(profile, f'{text[:-1]}, "x": {number}}}'.encode()), profile)
    assert {rule for line, rule in found if rule in {"json", "number"}} == rules


COUNTS: Final = {"openai": 10, "fireworks": 3, "bedrock-nova": 8, "together": 1, "cohere": 2}


@pytest.mark.parametrize(("profile", "least"), COUNTS.items())
def test_too_few_examples_are_named_on_the_file(profile: str, least: int) -> None:
    line = json.dumps(SOUND[profile]).encode() + b"\n"
    assert (0, "too-few") not in strong(line * least, profile)
    assert (0, "too-few") in strong(line * (least - 1), profile)


def test_nova_counts_what_is_valid() -> None:
    good, bad = json.dumps(SOUND["bedrock-nova"]), json.dumps(nova(NOVA_USER))
    assert (0, "too-few") in strong("\n".join([good] * 7 + [bad]).encode(), "bedrock-nova")


@pytest.mark.parametrize("profile", built_in())
def test_a_byte_order_mark_is_refused_only_where_it_is_read_as_text(profile: str) -> None:
    data = b"\xef\xbb\xbf" + json.dumps(SOUND[profile]).encode() + b"\n"
    refuses = {"together", "together-dpo", "mistral", "bedrock-nova", "bedrock-nova-dpo"}
    refuses |= {"bedrock-claude"}
    assert ((1, "bom") in strong(data * 1, profile)) == (profile in refuses)


def test_azure_without_a_byte_order_mark_is_information() -> None:
    data = json.dumps(SOUND["azure-openai"]).encode() + b"\n"
    assert (1, "bom") in broken(data * 10, "azure-openai")
    assert (1, "bom") not in strong(data * 10, "azure-openai")


def test_a_file_of_another_kind_is_named() -> None:
    data = json.dumps(SOUND["openai"]).encode() + b"\n"
    assert (0, "file-type") in broken(data * 10, "openai", "data.csv")
    assert (0, "file-type") in broken(data * 10, "bedrock-nova", "my data.jsonl")


def test_a_weight_of_the_record_stands_on_every_line_or_none() -> None:
    lines = [json.dumps({**SOUND["fireworks"], "weight": 1}).encode()] * 5
    lines[2] = json.dumps(SOUND["fireworks"]).encode()
    assert (3, "weight") in strong(b"\n".join(lines), "fireworks")
