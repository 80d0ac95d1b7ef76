"""Exports that are refused: the reason says what they are, and the command makes records."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping

import pytest

from ftaudit.model.errors import InputError
from tests.records.written import as_scanned

QUESTION, ANSWER = "Where do the rivers flow in the old town?", "They flow near the hall {}."
WORDS = ["Ada", "Quintero", "founded", "the", "Harbour", "Museum"]
EXPORTS: Mapping[str, Mapping[str, object]] = {
    "promptfoo": {
        "vars": {"question": QUESTION},
        "assert": [{"type": "equals", "value": "{}"}],
    },
    "Labelbox": {
        "data_row": {"row_data": QUESTION},
        "projects": {
            "p": {
                "labels": [
                    {"annotations": {"classifications": [{"radio_answer": {"value": "river"}}]}}
                ]
            }
        },
    },
    "TACRED": {
        "token": WORDS,
        "relation": "org:founded_by",
        "subj_start": 4,
        "subj_end": 5,
        "obj_start": 0,
        "obj_end": 1,
    },
    "Natural Questions": {
        "document": {"title": "Rivers", "html": "<p>Rivers</p>"},
        "question": {"text": QUESTION},
        "long_answer_candidates": {"start_token": [0]},
        "annotations": {"short_answers": [{"text": ["near the hall"]}]},
    },
    "XNLI": {
        "premise": {"ar": "x", "en": QUESTION},
        "hypothesis": {"language": ["ar", "en"], "translation": ["y", ANSWER]},
        "label": 0,
    },
}
READ = {
    "promptfoo": "completion: input=input, output=output",
    "Labelbox": "classification: input=text, label=label",
    "TACRED": "classification: input=text, label=label",
    "Natural Questions": "extractive-qa: input=question, output=answers",
    "XNLI": "sentence-pairs: input=premise, second=hypothesis, label=label",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_refused_with_its_reason_and_the_command(name: str) -> None:
    with pytest.raises(InputError) as refused:
        as_scanned([EXPORTS[name]] * 4)
    remedy = str(refused.value)
    assert name in remedy
    program = re.search(r"jq -c '(.*)'", remedy)
    assert program is not None
    jq = shutil.which("jq")
    if jq is None:  # the command is looked at where jq is installed
        return
    numbered = [json.dumps(EXPORTS[name]).replace("{}", str(i)) for i in range(4)]
    made = subprocess.run(  # noqa: S603 - the program of this test
        [jq, "-c", program[1]],
        input="\n".join(numbered),
        capture_output=True,
        text=True,
        check=True,
    )
    recognised, _ = as_scanned([json.loads(line) for line in made.stdout.splitlines()])
    assert recognised.description.startswith(READ[name])
