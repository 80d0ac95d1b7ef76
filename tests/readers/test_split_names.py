import pytest

from ftaudit.readers.split_names import split_by_name


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("train.csv", "train"),
        ("test.parquet", "holdout"),
        ("data/train-00000-of-00002.parquet", "train"),
        ("data/test-00000-of-00001-abcdef0123456789.parquet", "holdout"),
        ("validation-3.jsonl", "validation"),
        ("valid.jsonl.gz", "validation"),
        ("Dev.csv", "validation"),
        ("eval.csv", "holdout"),
        ("holdout_2024.csv", "holdout"),
        ("tickets_train.csv", "train"),
        ("tickets-test-01.csv", "holdout"),
        ("tickets.val.csv", None),
        ("validation/0.jsonl", "validation"),
        ("test/train.csv", "train"),
        ("TEST/part/0.csv", "holdout"),
        ("data.csv", None),
        ("contest.csv", None),
        ("latest.csv", None),
        ("a_test_of_time.csv", None),
        ("trainers.csv", None),
        ("testimonials/0.csv", None),
    ],
)
def test_names_tell_the_split_only_where_they_mean_to(path: str, split: str | None) -> None:
    assert split_by_name(path.split("/")) == split
