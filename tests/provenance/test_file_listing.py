from ftaudit.model.dataset import DataFile
from ftaudit.provenance.file_listing import compare_files
from ftaudit.provenance.provenance_record import FileEntry

FILES = (
    DataFile("data/train.csv", "train", "a" * 64, 10, 1),
    DataFile("data/test.csv", "holdout", "b" * 64, 5, 1),
)


def test_files_match_by_digest_or_by_the_end_of_their_path() -> None:
    entries = [FileEntry(path="elsewhere.csv", sha256="a" * 64), FileEntry(path="test.csv")]
    listing = compare_files(entries, FILES)
    assert (listing.unlisted, listing.mismatched, listing.absent) == ((), (), ())


def test_a_file_that_is_not_named_is_unlisted_and_a_name_without_file_absent() -> None:
    listing = compare_files([FileEntry(path="train.csv"), FileEntry(path="old.csv")], FILES)
    assert listing.unlisted == (1,)
    assert listing.absent == ("old.csv",)


def test_another_digest_is_a_mismatch() -> None:
    entries = [FileEntry(path="train.csv", sha256="f" * 64), FileEntry(path="data/test.csv")]
    assert compare_files(entries, FILES).mismatched == (0,)


def test_rows_and_split_must_be_those_of_the_data() -> None:
    entries = [
        FileEntry(path="train.csv", rows=11, split="train"),
        FileEntry(path="test.csv", rows=5, split="train"),
    ]
    assert compare_files(entries, FILES).contradictions == (
        "files[train.csv].rows is 11 but the file has 10",
        "files[test.csv].split is train but it is given as holdout",
    )


def test_a_path_matches_whole_names_only() -> None:
    assert compare_files([FileEntry(path="rain.csv")], FILES).unlisted == (0, 1)
