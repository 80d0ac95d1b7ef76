"""The table of differences says what the reference says."""

from ftaudit.profiles.profile_differences import COMPARED, differences


def test_the_traps_of_the_reference_stand_in_the_table() -> None:
    table = {
        name: dict(zip(COMPARED, [verdict.word for verdict in verdicts], strict=True))
        for name, verdicts in differences()
    }
    assert set(table["two turns, text"].values()) == {"takes"}
    objects = table["a call, its arguments as an object"]
    assert (objects["trl-sft"], objects["axolotl"]) == ("takes", "takes")
    assert (objects["openai"], objects["mistral"]) == ("refuses", "refuses")
    users = table["two users in a row"]
    assert (users["openai"], users["mistral"]) == ("takes", "takes")
    assert (users["llamafactory"], users["torchtune"]) == ("drops", "crashes")
    http = table["an image by http"]
    assert (http["openai"], http["together"]) == ("takes", "refuses")
    assert table["one turn of parts, one of text"]["together"] == "refuses"
    assert table["messages as JSON text"]["axolotl"] == "takes"
    assert table["a weight of true"]["together"] == "takes"
