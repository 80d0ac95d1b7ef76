"""Print precision, recall and F2 of every entity type, and findings on data without PII.

python tests/bench/accuracy_pii.py [folder of the shared data]
"""

import sys
import warnings
from collections import Counter
from pathlib import Path

from tests.conftest import SHARED
from tests.privacy import forms, unseen
from tests.privacy.annotated import REPORT, SCORED, TUNE, find, read, scores
from tests.privacy.corpora import banking, gsm8k, roleplay


def _print_forms() -> None:
    """Print the scores of texts by form, of both halves."""
    halves = {half: forms.scores(half) for half in (forms.UNSEEN, forms.SEEN)}
    for half, by_form in halves.items():
        print(f"\n{'never looked at' if half == forms.UNSEEN else 'looked at'}")
        print("| form | entity | marked | P | R | wrong | missed |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for (form, entity), s in by_form.items():
            if s.found + s.missed + s.wrong:
                print(
                    f"| {form} | {entity} | {s.found + s.missed} | {s.precision:.3f} "
                    f"| {s.recall:.3f} | {s.wrong} | {s.missed} |"
                )


def main(shared: Path) -> None:
    rows = read(shared)
    found = find(row.text for row in rows)
    tuned, reported = scores(rows, found, TUNE), scores(rows, found, REPORT)
    print("| entity | spans | P | R | F2 | P, tuning half | R, tuning half |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for entity in SCORED:
        s, t = reported[entity], tuned[entity]
        print(
            f"| {entity} | {s.found + s.missed} | {s.precision:.3f} | {s.recall:.3f} | {s.f2:.3f} "
            f"| {t.precision:.3f} | {t.recall:.3f} |"
        )
    print("\n| entity | marked | P | R | F2 | wrong | missed |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for entity, s in unseen.scores().items():
        print(
            f"| {entity} | {s.found + s.missed} | {s.precision:.3f} | {s.recall:.3f} | {s.f2:.3f} "
            f"| {s.wrong} | {s.missed} |"
        )
    _print_forms()
    print("\n| data | rows | findings per 1,000 rows |")
    print("| --- | ---: | --- |")
    for name, texts in (
        ("gsm8k", gsm8k(shared)),
        ("banking77", banking(shared)),
        ("GPTeacher roleplay", roleplay(shared)),
    ):
        counts = Counter(span.entity for spans in find(texts) for span in spans)
        listed = ", ".join(f"{e} {1_000 * n / len(texts):.2f}" for e, n in counts.most_common())
        print(f"| {name} | {len(texts):,} | {listed} |")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED)
