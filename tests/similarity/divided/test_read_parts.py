"""Parts that are sent to be read, and the work that goes with them."""

import pickle

import numpy as np

from ftaudit.model.blobs import Blob
from ftaudit.similarity.divided.divided_texts import NumberedPart
from ftaudit.similarity.divided.read_parts import placed_parts
from ftaudit.similarity.search.containment import _RangeSets
from ftaudit.similarity.text.text_source import ChosenTexts

PARTS = [NumberedPart(Blob(at, 0, b"part"), (100 * at, 100 * at + 100)) for at in range(4)]


def test_each_part_is_sent_the_rows_it_has_and_one_without_any_is_not_read() -> None:
    blobs, of_all = placed_parts(PARTS, ChosenTexts(np.array([7, 99, 100, 305])))
    assert of_all is None
    assert [(blob.slot, blob.kind) for blob in blobs] == [(0, 0), (1, 1), (2, 3)]
    works = [pickle.loads(blob.data)[1] for blob in blobs]  # noqa: S301 - our own
    assert [work.rows.tolist() for work in works] == [[7, 99], [100], [305]]


def test_work_that_every_part_needs_whole_is_sent_once() -> None:
    work = _RangeSets([(0, 400)])
    blobs, of_all = placed_parts(PARTS, work)
    assert of_all is work
    assert {pickle.loads(blob.data)[1] for blob in blobs} == {None}  # noqa: S301 - our own
    assert [blob.slot for blob in blobs] == [0, 1, 2, 3]
