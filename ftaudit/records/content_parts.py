"""The parts of a turn's content: text, images and sound by reference, tool calls and results.

Shapes read: OpenAI (`{"type": "image_url", "image_url": {"url": …}}`, `input_audio`), Anthropic
(`tool_use`, `tool_result`, `thinking`, `image` with a `source`), Gemini (`{"text": …}`,
`inlineData`, `fileData`, `functionCall`, `functionResponse`), Hugging Face (`{"type": "image",
"image": …}` and `{"bytes": …, "path": …}`).
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec

_TEXTS: Final = ("text", "thinking", "reasoning", "refusal", "response", "answer", "completion")
_NESTED: Final = ("content", "parts", "value", "completion")
_CALLS: Final = (
    *("tool_use", "functionCall", "function_call", "toolUse", "tool_call"),
    *("functionResponse", "function_response", "toolResult"),
)
_REFERENCES: Final = (
    *("url", "uri", "fileUri", "file_uri", "path", "file_id", "id", "image", "image_url"),
    *("audio", "audio_url", "video", "video_url", "input_audio", "file", "source", "inlineData"),
    *("inline_data", "fileData", "file_data", "data", "bytes", "s3Location"),
)
_DIGITS: Final = 16
_LONGEST: Final = 2_048
"""Characters beyond which a reference is data itself, and kind_name by its digest."""
_DEPTH: Final = 8


def content_text(value: object, depth: int = 0) -> str | None:
    """Return one part of a content as text; None where it is no part that is known.

    Media become `[type reference]`, where the reference is an address, a path, or the beginning
    of the SHA-256 of the bytes. Calls and results become `[type JSON]`.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping) or depth > _DEPTH:
        return None
    kind = value.get("type")
    name = kind if isinstance(kind, str) else ""
    texts = [value[key] for key in _TEXTS if isinstance(value.get(key), str)]
    if texts and not _is_call(value, name):
        return str(texts[0])
    return _call(value, name) or _inner(value, name, depth) or _medium(value, name)


def _medium(value: Mapping[object, object], name: str) -> str | None:
    reference = media_reference(value)
    kind_name = name or next((str(key) for key in value if key in _REFERENCES and value[key]), "")
    parts = [part for part in (kind_name, reference) if part]
    return f"[{' '.join(parts)}]" if parts else None


def media_reference(value: object, depth: int = 0) -> str | None:
    """Return what tells an image, a sound or a video from others; None without any of it."""
    if isinstance(value, bytes):
        return _digest(value)
    if isinstance(value, str):
        return (value if len(value) <= _LONGEST else _digest(value.encode())) or None
    if isinstance(value, list):
        several = [media_reference(item, depth + 1) for item in value]
        return " ".join(reference for reference in several if reference) or None
    if not isinstance(value, Mapping) or depth > _DEPTH:
        return None
    # bytes say more than the path they once had
    for key in ("bytes", *_REFERENCES):
        if value.get(key) and (reference := media_reference(value[key], depth + 1)):
            return reference
    return None


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()[:_DIGITS]}"


def _is_call(value: Mapping[object, object], name: str) -> bool:
    return name in _CALLS or any(value.get(key) for key in _CALLS)


def _call(value: Mapping[object, object], name: str) -> str | None:
    if not _is_call(value, name):
        return None
    key = next((k for k in _CALLS if value.get(k)), None)
    body = value[key] if key else {k: v for k, v in value.items() if k != "type" and v is not None}
    return f"[{key or name} {_compact(body)}]"


def _inner(value: Mapping[object, object], name: str, depth: int) -> str | None:
    """Read parts that hold parts, such as the result of a tool."""
    key = next((k for k in _NESTED if value.get(k)), None)
    if key is None:
        return None
    held = value[key]
    parts = held if isinstance(held, list) else [held]
    texts = [text for part in parts if (text := content_text(part, depth + 1)) is not None]
    text = "\n".join(texts)
    return f"[{name} {text}]" if name == "tool_result" else text


def _compact(value: object) -> str:
    try:
        return msgspec.json.encode(_present(value)).decode()
    except (TypeError, RecursionError):
        return ""


def _present(value: object) -> object:
    """Return a value without the null members that uniform columns give every object."""
    if isinstance(value, Mapping):
        return {str(k): _present(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return _digest(value) if isinstance(value, bytes) else value
