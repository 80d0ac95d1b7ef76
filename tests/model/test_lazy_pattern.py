import re

from ftaudit.model.lazy_pattern import LazyPattern

TEXT = "a1 B22, c333"


def test_a_lazy_pattern_gives_what_the_compiled_one_gives() -> None:
    lazy, compiled = (
        LazyPattern(r"([A-Z])(\d+)", re.IGNORECASE),
        re.compile(r"([A-Z])(\d+)", re.IGNORECASE),
    )
    for lazy_match, match in (
        (lazy.search(TEXT, 1), compiled.search(TEXT, 1)),
        (lazy.match(TEXT), compiled.match(TEXT)),
        (lazy.fullmatch(TEXT, 3, 6), compiled.fullmatch(TEXT, 3, 6)),
    ):
        assert lazy_match is not None
        assert match is not None
        assert lazy_match.span() == match.span()
    assert lazy.fullmatch(TEXT) is None
    assert [m.span() for m in lazy.finditer(TEXT)] == [m.span() for m in compiled.finditer(TEXT)]
    assert lazy.findall(TEXT) == compiled.findall(TEXT)
    assert lazy.sub("-", TEXT) == compiled.sub("-", TEXT)
    assert lazy.split(TEXT) == compiled.split(TEXT)
