"""Render a conversation as a model's chat template does, and note what it marks as generated.

The environment is that of transformers (utils/chat_template_utils.py): sandboxed jinja2 with
`trim_blocks`, `lstrip_blocks`, loop controls, `tojson` without ASCII escapes, `raise_exception`,
and `{% generation %}` blocks. `strftime_now` tells a fixed day, so that results do not depend on
the clock.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from msgspec import Struct, field

from ftaudit.model.bounded_read import read_whole
from ftaudit.model.errors import InputError, UsageError
from ftaudit.profiles.profiled_record import JsonObject
from ftaudit.profiles.tokens.token_counter import Span

if TYPE_CHECKING:
    from jinja2 import Environment, Template

TEMPLATE_FILE: Final = "chat_template.jinja"
CONFIGURATION: Final = "tokenizer_config.json"
_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MARKS: Final = ("\ufdd0", "\ufdd1")
"""Noncharacters (Unicode 23.7) that stand around generated text while a template renders."""
_SPECIAL: Final = ("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token")


class TemplateError(ValueError):
    """A template refuses a conversation, or breaks on it."""


class RenderedChat(NamedTuple):
    """A conversation as the model reads it."""

    text: str
    generated: tuple[Span, ...]
    """The characters that `{% generation %}` blocks made."""


class ChatTemplate(Struct, frozen=True):
    """A chat template. Compiles where it renders, so it can be pickled."""

    name: str
    source: str
    special_tokens: Mapping[str, str] = field(default_factory=dict)
    """Names such as `bos_token` → the text of the token."""

    @property
    def digest(self) -> str:
        """SHA-256 of the template's text."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    @property
    def marks_generation(self) -> bool:
        """Whether the template says what of its text is generated."""
        return "endgeneration" in self.source

    def render(
        self,
        messages: Sequence[JsonObject],
        tools: object = None,
        *,
        add_generation_prompt: bool = False,
    ) -> RenderedChat:
        """Render a conversation.

        Raises:
            TemplateError: the template refuses it or breaks; holds no text of the data.
        """
        if any(mark in text for mark in _MARKS for text in (str(messages), str(tools))):
            raise TemplateError("the conversation holds a Unicode noncharacter")
        try:
            text = _compiled(self.source).render(
                messages=messages,
                tools=tools,
                documents=None,
                add_generation_prompt=add_generation_prompt,
                **self.special_tokens,
            )
        except TemplateError:
            raise
        except Exception as error:  # noqa: BLE001 - a template may raise anything
            raise TemplateError(f"the template breaks ({type(error).__name__})") from None
        return _unmarked(text)


def _unmarked(text: str) -> RenderedChat:
    """Take the marks out and return where they stood."""
    spans: list[Span] = []
    pieces: list[str] = []
    at = 0
    for i, piece in enumerate(text.replace(_MARKS[1], _MARKS[0]).split(_MARKS[0])):
        if i % 2 and piece:
            spans.append((at, at + len(piece)))
        pieces.append(piece)
        at += len(piece)
    return RenderedChat("".join(pieces), tuple(spans))


@lru_cache(maxsize=8)
def _compiled(source: str) -> "Template":
    return _environment().from_string(source)


def _environment() -> "Environment":
    from jinja2 import nodes
    from jinja2.ext import Extension, loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class GenerationBlocks(Extension):
        """Puts marks around what stands in `{% generation %}` blocks."""

        tags = {"generation"}  # noqa: RUF012 - as jinja2 declares it

        def parse(self, parser: Any) -> nodes.Node:  # noqa: ANN401 - jinja2 has no type for it
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return nodes.CallBlock(self.call_method("marked"), [], [], body).set_lineno(line)

        def marked(self, caller: Callable[[], str]) -> str:
            return f"{_MARKS[0]}{caller()}{_MARKS[1]}"

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[GenerationBlocks, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _DAY.strftime
    return environment


def _to_json(
    value: object,
    ensure_ascii: bool = False,  # noqa: FBT001, FBT002 - as templates call it
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,  # noqa: FBT001, FBT002 - as templates call it
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _refuse(message: object) -> None:
    del message  # it may hold text of the data
    raise TemplateError("the template refuses the conversation (raise_exception)")


def open_template(name: str) -> ChatTemplate:
    """Return the chat template of a file or of a model folder.

    Args:
        name: a jinja file, a `tokenizer_config.json`, or a folder with one of them.

    Raises:
        UsageError: there is no such file, or a folder holds no template.
        InputError: it is not a jinja template.
    """
    path = Path(name)
    if path.is_dir():
        files = [path / TEMPLATE_FILE, path / CONFIGURATION]
        file = next((candidate for candidate in files if candidate.is_file()), None)
        if file is None:
            msg = f"the folder {name} has neither {TEMPLATE_FILE} nor {CONFIGURATION}"
            raise UsageError(msg)
    elif path.is_file():
        file = path
    else:
        msg = f"there is no chat template {name}: name a file or a model folder"
        raise UsageError(msg)
    configuration = _configuration(file.parent / CONFIGURATION)
    source = _of_configuration(file) if file.suffix == ".json" else _text(file)
    template = ChatTemplate(path.name or file.name, source, _special_tokens(configuration))
    _proved(template, file)
    return template


def _proved(template: ChatTemplate, file: Path) -> None:
    from jinja2 import TemplateSyntaxError

    try:
        _compiled(template.source)
    except TemplateSyntaxError as error:
        problem = "is not a jinja template"
        raise InputError(file, problem, place=f"line {error.lineno}") from None


def _text(file: Path) -> str:
    try:
        return read_whole(file).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(file, "is not a readable UTF-8 file") from None


def _configuration(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    try:
        value = msgspec.json.decode(read_whole(file))
    except (OSError, msgspec.MsgspecError, UnicodeError):
        raise InputError(file, "is not JSON") from None
    return value if isinstance(value, dict) else {}


def _of_configuration(file: Path) -> str:
    """Return the template that a tokenizer configuration holds: the one called default of several.

    Raises:
        InputError: it holds none.
    """
    value = _configuration(file).get("chat_template")
    if isinstance(value, list):
        named = {item.get("name"): item.get("template") for item in value if isinstance(item, dict)}
        value = named.get("default")
    if not isinstance(value, str):
        raise InputError(file, "holds no chat_template", remedy="Name the template itself")
    return value


def _special_tokens(configuration: Mapping[str, object]) -> dict[str, str]:
    tokens: dict[str, str] = {}
    for name in _SPECIAL:
        value = configuration.get(name)
        if isinstance(value, dict):
            value = value.get("content")
        if isinstance(value, str):
            tokens[name] = value
    return tokens
