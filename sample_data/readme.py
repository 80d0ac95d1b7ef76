"""The page that lists what was planted where."""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from planting import Plant

HEAD: Final = """\
# Sample data

Cancellation tickets in ten reasons, written for this project: nobody ever sent them, and every
name, number and address in them is made up or reserved for examples. `python sample_data/make.py`
writes every file here again, byte for byte, this page included.

| folder | what it is |
| --- | --- |
| `clean` | 376 tickets in csv, training and test: passes the standard policy |
| `clean-chat` | the same as conversations in jsonl |
| `dirty` | tickets with every defect a classification set can have |
| `dirty-chat` | conversations with every defect of turns, calls and answers |
| `dirty-preference` | pairs of answers, without a provenance record |
| `dirty-kto` | answers with a judgement |
| `dirty-cells` | conversations as JSON text in csv |
| `dirty-columns` | tickets with a column of text that no role claims |
| `dirty-pairs` | tickets with a sentence that follows from them or does not |
| `dirty-choices` | questions about tickets with four choices |
| `dirty-annotations` | tickets with marked words, as Prodigy exports them |
| `dirty-embeddings` | queries with tickets that answer them and that do not |
| `dirty-prompts` | prompts of reinforcement learning, with what a reward looks for |
| `dirty-summaries` | tickets with a summary of one sentence |
| `dirty-translations` | tickets in two languages |
| `dirty-answer-pairs` | two answers to each ticket, and which is better |
| `dirty-labels` | tickets with several labels |
| `dirty-ratings` | tickets with one to five stars |
| `dirty-conversational-qa` | questions about tickets that follow one another |
| `dirty-scored-pairs` | two sentences, and how similar they are |
| `dirty-templated` | tickets and answers that a chat template has rendered |
| `dirty-segments` | tickets and answers in segments, of which one is learned |
| `dirty-labelling-jobs` | tickets with classes, as SageMaker Ground Truth writes them |
| `dirty-requests` | requests of a batch to a service |
| `dirty-annotators` | tickets that say who labelled them, some labelled twice |
| `dirty-identity` | tickets whose class a source, a word and a person tell |
| `dirty-rewordings` | questions, one of which training asks in other words |
| `benchmark` | a benchmark of twelve questions |
| `dirty-benchmark` | conversations that give some of them away |
| `decision` | made-up answers of a prompt, of retrieval and of a tuned model, for a tutorial |

Scan each but `benchmark` and `decision` with `ftaudit scan sample_data/FOLDER`. Two of them show
more with options:

```
{dirty}
{chat}
```

`dirty-benchmark` shows what it is for with the index of the benchmark:

```
ftaudit index sample_data/benchmark -o questions.ftidx
ftaudit scan sample_data/dirty-benchmark --benchmark questions.ftidx
```

Suites of expectations stand in `suites/`, since every .json file of a data folder is read as data.

Keys of vendors are not committed, since hosts of repositories refuse pushes that hold any, made
up or not. `python sample_data/vendor_keys.py FOLDER` writes a set with one of each kind.

## What is not shown

- `index_leakage.exact` and `index_leakage.near` need the index of a holdout: make one with
  `ftaudit index sample_data/dirty/test.csv -o holdout.ftidx`, and scan
  `sample_data/dirty/train-1.csv` with `--holdout-index holdout.ftidx`.
- `pii.LOCATION`, `pii.NRP` and `pii.ORGANIZATION` need a model (`--ner`).
- `pii.CA_POSTAL_CODE` and `pii.UK_POSTCODE`: beside a word such as "postal code" these are found
  as `pii.ZIP_CODE`, and without one they are too weak to report.
- `pii.DEVICE_ID` is the number of a machine; `tests/privacy/situations_by_kind.jsonl` holds some.
- `pii.COORDINATES` name a place, not a person; `pii.STAND_IN` holds the documented test cards, when
  `spare_test_cards` asks for a class of their own.
- `schema.turns_in_text` needs cells of which only later rows hold turns;
  `tests/records/test_rows.py` plants them.
- `slices.too_small` and `slices.share` are found only when `--slice-column` is given.
- `leakage.permuted_options`, `leakage.quoted_in_answer`, `leakage.same_answer` and
  `leakage.shared_passage` need questions
  with options or long answers; `tests/checks/test_leakage.py` plants them.
- `profile.*`, `tokens.truncated`, `tokens.answer_cut`, `tokens.untrained` and `tokens.template` are
  found only when a profile, a limit of tokens or a chat template is named.

## What is planted

A scan finds each of these, and nothing else. `row` counts data rows from 0, `line` is the line of
the file on which the row begins. What is only a consequence of another defect says so. Findings
about the provenance record stand on row 0 of its first file.
"""

COMMANDS: Final = {
    "dirty": "ftaudit scan sample_data/dirty --policy sample_data/dirty/policy.yaml \\\n"
    "  --expectations sample_data/suites/dirty.json \\\n"
    "  --group-column customer_id --time-column created_at",
    "chat": "ftaudit scan sample_data/dirty-chat \\\n"
    "  --group-column customer_id --time-column created_at",
}


def readme(plants: Sequence[Plant], files: Mapping[str, str]) -> str:
    """Return the page for these plants in these files (path → text)."""
    said = [HEAD.format(**COMMANDS)]
    for folder, found in groupby(plants, key=lambda p: p.folder):
        said.append(
            f"\n### {folder}\n\n| file | row | line | rule | planted |\n"
            "| --- | --- | --- | --- | --- |\n"
        )
        said += [_line(p, files[f"{folder}/{p.file}"]) for p in found]
    return "".join(said)


def _line(plant: Plant, text: str) -> str:
    line = _begin(text, plant.row) if plant.file.endswith(".csv") else plant.row + 1
    return f"| {plant.file} | {plant.row} | {line} | `{plant.rule}` | {plant.what} |\n"


def _begin(text: str, row: int) -> int:
    """Return the 1-based line of a csv file on which a data row begins; cells may hold lines."""
    reader = csv.reader(io.StringIO(text))
    for _ in range(row + 1):
        next(reader)
    return reader.line_num + 1
