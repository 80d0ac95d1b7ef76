"""Items of the Responses API are turns, and whatever else stands there is left as it is."""

import pytest

from ftaudit.records.cell_values import Json
from ftaudit.records.response_items import spoken


def test_a_result_of_a_call_is_a_turn_of_the_tool() -> None:
    item: dict[str, Json] = {"type": "function_call_output", "call_id": "c1", "output": "sunny"}
    assert spoken(item) == {"role": "tool", "tool_call_id": "c1", "content": "sunny"}


@pytest.mark.parametrize("kind", [{"value": "assistant"}, ["function_call"], None, 1, "other"])
def test_an_item_of_no_kind_there_is_stays_as_it_stands(kind: Json) -> None:
    item: dict[str, Json] = {"type": kind, "messages": None}
    assert spoken(item) is item
