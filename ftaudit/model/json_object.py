"""JSON objects whose keys stand once: of a key that stands twice, readers take one value each."""


class RepeatedKeyError(ValueError):
    """A key stands twice in one object."""


def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of its pairs of key and value; the `object_pairs_hook` of `json.loads`.

    Raises:
        RepeatedKeyError: a key stands twice.
    """
    value = dict(pairs)
    if len(value) != len(pairs):
        raise RepeatedKeyError("a key stands twice")
    return value
