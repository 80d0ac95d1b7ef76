"""Templates render as transformers renders them, and say what is trained."""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from ftaudit.model.errors import InputError, UsageError
from ftaudit.profiles.profiled_record import profiled
from ftaudit.profiles.tokens.chat_template import ChatTemplate, TemplateError, open_template
from ftaudit.profiles.tokens.generic_layouts import GENERIC_LAYOUTS
from ftaudit.profiles.tokens.rendered_record import counted_segments, render_record
from ftaudit.profiles.tokens.token_counter import open_counter

TURNS = [
    {"role": "user", "content": "one two"},
    {"role": "assistant", "content": "three"},
    {"role": "user", "content": "two"},
    {"role": "assistant", "content": "yes no"},
]
PLAIN = "{% for m in messages %}{{ m.role }} : {{ m.content }} end\n{% endfor %}"
MARKED = (
    "{{ bos_token }}{% for m in messages %}\n"
    "  {% if m.role == 'assistant' %}\n"
    "{{ m.role }} : {% generation %}{{ m.content }} end{% endgeneration %}\n"
    "  {% else %}\n"
    "{{ m.role }} : {{ m.content }} end\n"
    "  {% endif %}\n"
    "{% endfor %}{% if add_generation_prompt %}assistant : {% endif %}"
)
TOOLS = (
    "{% if tools %}{{ tools | tojson(indent=2) }}{% endif %}"
    "{% for m in messages %}{% if loop.index0 > 2 %}{% break %}{% endif %}"
    "{{ m['content'] | trim }}{{ strftime_now('') }}{% endfor %}"
)
REFUSES = "{{ raise_exception('no ' ~ messages[0].content) }}"

needs_transformers = pytest.mark.skipif(
    not find_spec("transformers"), reason="transformers is not installed"
)
needs_tokenizers = pytest.mark.skipif(
    not find_spec("tokenizers"), reason="tokenizers is not installed"
)


def test_generated_text_is_told_by_its_characters() -> None:
    chat = ChatTemplate("t", MARKED, {"bos_token": "<s>"}).render(TURNS)
    assert chat.text.startswith("<s>user : one two end\nassistant : three end")
    assert [chat.text[a:b] for a, b in chat.generated] == ["three end", "yes no end"]


def test_without_marks_the_answers_are_found_turn_by_turn() -> None:
    record = profiled({"messages": TURNS}, GENERIC_LAYOUTS)
    rendered = render_record(record, ChatTemplate("t", PLAIN), "answers")
    assert rendered is not None
    assert [rendered.text[a:b] for a, b in rendered.trained] == [
        "assistant : three end\n",
        "assistant : yes no end\n",
    ]


def test_what_does_not_grow_turn_by_turn_is_not_known() -> None:
    template = ChatTemplate("t", "{{ messages | length }}{{ messages[0].content }}")
    rendered = render_record(profiled({"messages": TURNS}, GENERIC_LAYOUTS), template, "answers")
    assert rendered is not None
    assert not rendered.known


def test_where_all_is_trained_the_whole_text_is() -> None:
    record = profiled({"messages": TURNS}, GENERIC_LAYOUTS)
    rendered = render_record(record, ChatTemplate("t", MARKED), "all")
    assert rendered is not None
    assert rendered.trained == ((0, len(rendered.text)),)


def test_a_refusal_is_an_error_without_text_of_the_data() -> None:
    secret = [{"role": "user", "content": "hunter2"}]
    with pytest.raises(TemplateError) as error:
        ChatTemplate("t", REFUSES).render(secret)
    assert "hunter2" not in str(error.value)


def test_a_template_cannot_reach_out_of_its_sandbox() -> None:
    source = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    with pytest.raises(TemplateError):
        ChatTemplate("t", source).render(TURNS)


def test_a_folder_gives_its_template_and_special_tokens(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(
        '{"bos_token": {"content": "<s>"}, "eos_token": "</s>",'
        ' "chat_template": "{{ eos_token }}"}',
        "utf-8",
    )
    assert open_template(str(tmp_path)).render(TURNS).text == "</s>"
    (tmp_path / "chat_template.jinja").write_text("{{ bos_token }}", "utf-8")
    assert open_template(str(tmp_path)).render(TURNS).text == "<s>"


def test_what_is_no_template_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.jinja"
    file.write_text("{% for %}", "utf-8")
    with pytest.raises(InputError, match="line 1"):
        open_template(str(file))
    with pytest.raises(UsageError):
        open_template(str(tmp_path / "nothing.jinja"))


@needs_tokenizers
def test_tokens_of_generated_text_are_trained(word_tokenizer: Path) -> None:
    counter = open_counter(str(word_tokenizer))
    record = profiled({"messages": TURNS}, GENERIC_LAYOUTS)
    rendered = render_record(record, ChatTemplate("t", MARKED), "answers")
    assert rendered is not None
    segments = counted_segments(rendered, counter)
    assert [(s.tokens, s.trained) for s in segments] == [
        (7, False),
        (2, True),  # "three", and "enduser", of which the first part is generated
        (5, False),
        (3, True),
    ]


@needs_transformers
@needs_tokenizers
@pytest.mark.parametrize("source", [PLAIN, MARKED, TOOLS])
@pytest.mark.parametrize("prompt", [False, True])
def test_text_and_mask_equal_those_of_transformers(
    word_tokenizer: Path, source: str, prompt: bool
) -> None:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    peer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(word_tokenizer)),
        eos_token="end",  # noqa: S106 - a word
    )
    peer.chat_template = source
    tools = [{"type": "function", "function": {"name": "f", "description": "é"}}]
    template = ChatTemplate("t", source, {"eos_token": "end"})
    ours = template.render(TURNS, tools, add_generation_prompt=prompt)
    theirs = peer.apply_chat_template(
        TURNS, tools=tools, tokenize=False, add_generation_prompt=prompt
    )
    assert ours.text == theirs
    if source != MARKED or prompt:
        return
    encoded = peer.apply_chat_template(
        TURNS, tools=tools, return_dict=True, return_assistant_tokens_mask=True
    )
    peer.backend_tokenizer.save(str(word_tokenizer))  # with its special tokens
    spans = open_counter(str(word_tokenizer)).spans(ours.text)
    mask = [int(any(a < end and b > start for start, end in ours.generated)) for a, b in spans]
    assert mask == encoded["assistant_masks"]


SHIPPED = (
    "llama4/processing_llama4",
    "smolvlm/processing_smolvlm",
    "qwen2_audio/processing_qwen2_audio",
)
"""Modules of transformers that hold a template as text."""


@needs_transformers
@pytest.mark.parametrize("module", SHIPPED)
@pytest.mark.parametrize("prompt", [False, True])
def test_templates_that_transformers_ships_render_as_there(module: str, prompt: bool) -> None:
    from transformers.utils.chat_template_utils import render_jinja_template

    # the day of the clock is no part of the comparison
    source = "{% set date_string = '26 Jul 2024' %}" + shipped_template(module)
    tools = [{"type": "function", "function": {"name": "f", "description": "é"}}]
    turns = [{"role": "system", "content": "be brief"}, *TURNS]
    for offered in (None, tools):
        theirs, _ = render_jinja_template(
            conversations=[turns],
            tools=offered,
            chat_template=source,
            add_generation_prompt=prompt,
            bos_token="<s>",  # noqa: S106 - a word
        )
        template = ChatTemplate("t", source, {"bos_token": "<s>"})
        ours = template.render(turns, offered, add_generation_prompt=prompt)
        assert ours.text == theirs[0]


def shipped_template(module: str) -> str:
    """Return the longest text of a module that is a template; the module itself needs torch."""
    package = find_spec("transformers")
    assert package is not None
    assert package.submodule_search_locations
    file = Path(package.submodule_search_locations[0], "models", f"{module}.py")
    tree = ast.parse(file.read_text("utf-8"))
    texts = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    templates = [text for text in texts if "{%" in text and "messages" in text]
    if not templates:
        pytest.skip(f"this version of transformers has no template in {module}")
    return max(templates, key=len)
