from ftaudit.checks import discover
from ftaudit.model.declaration import declaration
from ftaudit.reports import standards


def test_every_check_of_ours_is_tagged_in_all_three_frameworks() -> None:
    for check in discover().values():
        tags = declaration(check).tags
        assert tags.ai_act
        assert tags.nist
        assert tags.iso


def test_a_check_from_elsewhere_has_no_tags() -> None:
    assert standards.tags("somebody-elses") == []
    assert standards.tags("pii")[0] == "EU AI Act Art. 10(2)(b)"
