"""A pipe or a device where a file is expected is refused, and never read to its end."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ftaudit.evaluation.formats.recognition import open_results
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.model.errors import InputError
from ftaudit.pipeline.evaluation_run import Ledger
from ftaudit.pipeline.record import NamedFile
from ftaudit.readers.paths import find
from ftaudit.remedies.decisions import read_decisions
from ftaudit.similarity.index.signature_index import read_index

READERS: dict[str, Callable[[Path], object]] = {
    "record": NamedFile.read,
    "results": lambda path: open_results(path, ResultRequest()),
    "ledger": Ledger.read,
    "decisions": read_decisions,
    "index": read_index,
}


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
@pytest.mark.parametrize("name", READERS)
def test_no_named_file_is_read_that_never_ends(name: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), pipe):
        with pytest.raises(InputError, match="pipe or a device"):
            READERS[name](path)


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_among_the_data_is_not_waited_for(tmp_path: Path) -> None:
    for beside in ("train.csv", "findings.parquet"):
        (tmp_path / beside).write_text("text,label\na,b\n")
    os.mkfifo(tmp_path / "lineage.json")  # a name that no data has
    assert len(find(tmp_path, "train")) == 2
    os.mkfifo(tmp_path / "manifest.json")  # a name that data may have
    with pytest.raises(InputError, match="pipe or a device"):
        find(tmp_path, "train")
