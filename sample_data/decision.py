"""`decision/`: results of a prompt, of retrieval and of a tuned model, for the tutorial.

Nobody asked a model: answers are drawn from a seed. The tuned model is better, but has never heard
of the plan that was launched after its training data was collected.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from clean import Row, provenance, to_csv
from tickets import CLOSINGS, DETAILS, OPENINGS

FOLDER: Final = "decision"
HELD_OUT: Final = 100
"""Tickets of each reason in the holdout."""
TRAINED: Final = 60
"""The same in training."""
NEW_PLAN: Final = 60
"""Tickets of the reason pricing in the holdout that are about the new plan."""
MONTH: Final = 600
"""Tickets of the month after."""

FLEX: Final = (
    "The Flex plan that replaced ours last month bills by the hour, and nobody can foresee it.",
    "We were moved to Flex without being asked, and our first invoice has doubled.",
    "With Flex we pay for every integration run, which we never did before.",
    "Flex counts guests as seats, so our volunteers have become unaffordable.",
)
TEAMS: Final = (
    "the sales desk", "our field engineers", "the warehouse", "the finance office", "our tutors",
    "the clinic's reception", "the design studio", "our drivers", "the town library", "the bakery",
    "our translators", "the repair shop", "the festival crew", "our surveyors", "the greenhouse",
    "the call centre", "our volunteers", "the print room", "the harbour office", "the laboratory",
)  # fmt: skip
USES: Final = (
    "planning shifts", "tracking parts", "answering parents", "booking rooms", "keeping minutes",
    "routing parcels", "scheduling visits", "collecting receipts", "reviewing drafts",
    "counting stock", "sharing blueprints", "logging repairs", "assigning seats",
    "publishing notices", "checking permits", "preparing audits", "ordering supplies",
    "signing contracts", "training apprentices", "measuring wells",
)  # fmt: skip
PLAN: Final = """\
schema: ftaudit.plan/v1
title: Churn reasons of cancellation tickets
requested_by: ml@example.com
task: Sort cancellation tickets into ten reasons
why: The prompt answers the same ticket differently and often adds words around the reason
base_model: {name: example-7b, version: "2026-01-15", license: Apache-2.0}
product_policy: {name: catalogue, version: 2026-02}
method: LoRA on all linear layers, three epochs
data: Tickets of last year with the reasons that agents chose
intended_use: {allowed: [reporting why customers leave], prohibited: [deciding about customers]}
alternatives:
  - {kind: prompting, tried: ten examples, metric: accuracy, score: PROMPT, why_not: it varies}
  - {kind: retrieval, tried: nearest tickets, metric: accuracy, score: RETRIEVAL, why_not: slow}
baseline: {model: example-7b with retrieval, metric: accuracy, score: RETRIEVAL}
target: {metric: accuracy, score: 0.87, minimum_lift: 0.05}
discordance: 0.25
holdout:
  name: test.csv
  rows: 1000
  why: "the last month, a hundred tickets of every reason"
evaluation: {slices: [catalogue]}
non_inferiority: {margin: 0.1}
rollback: {path: send all tickets to the prompt again, owner: on-call engineer, within: 15 minutes}
failure_conditions: ["accuracy below 0.80 on 100 tickets a week, labelled by two agents"]
retraining_triggers:
  base_model: the new model is compared on the holdout before it replaces the old one
  product_policy: a changed list of reasons, or a changed catalogue
  data_distribution: ftaudit drift fires on the tickets of a month
  limits: {labels: 0.15, new_classes: 0}
monitoring: ["100 tickets a week, labelled by two agents"]
cost:
  training: 40
  evaluation: 12
  labelling: 300
  operations_per_month: 20
  requests_per_month: 200000
  months: 12
  currency: EUR
  prices:
    date: "2026-02-01"
    baseline: {input: 0.5, output: 1.5}
    tuned: {input: 0.6, output: 1.8}
sign_offs: [data-owner, support-lead]
"""
RULES: Final = """\
schema: ftaudit.outputs/v1
labels: [LABELS]
forbidden: {promise: '(?i)\\bwe will\\b'}
pii: {contact: [EMAIL_ADDRESS]}
"""


@dataclass(frozen=True)
class MadeUpModel:
    """How often a model is right, and what its requests cost."""

    seed: int
    right: float
    flex: float
    """How often it is right about the new plan."""
    wrapped: float
    """Share of answers that stand in a sentence."""
    tokens: int
    """Fewest tokens of a request."""


MODELS: Final = {
    "prompt": MadeUpModel(seed=1, right=0.80, flex=0.9, wrapped=0.10, tokens=900),
    "retrieval": MadeUpModel(seed=2, right=0.81, flex=0.95, wrapped=0.02, tokens=700),
    "tuned": MadeUpModel(seed=3, right=0.95, flex=0.1, wrapped=0.0, tokens=120),
}


def build() -> dict[str, str]:
    """Return the files of the folder: path → text."""
    rows = list(holdout())
    results = {name: answers(rows, model) for name, model in MODELS.items()}
    results["routed"] = [
        old if row["catalogue"] == "flex" else new
        for row, old, new in zip(rows, results["retrieval"], results["tuned"], strict=True)
    ]
    plan = PLAN
    for name in ("prompt", "retrieval"):
        plan = plan.replace(name.upper(), f"{accuracy(rows, results[name]):.3f}")
    data = {"train.csv": to_csv(list(training())), "test.csv": to_csv(rows)}
    files = {
        **{f"data/{name}": text for name, text in data.items()},
        "data/provenance.yaml": provenance(FOLDER, "text-classification", data),
        "next-month.csv": to_csv(list(next_month())),
        "plan.yaml": plan,
        "outputs.yaml": RULES.replace("LABELS", ", ".join(DETAILS)),
        **{f"results/{name}.jsonl": _lines(made) for name, made in results.items()},
    }
    return {f"{FOLDER}/{name}": text for name, text in files.items()}


def holdout() -> Iterator[Row]:
    """Yield tickets of every reason; most of pricing are about the new plan."""
    for reason, details in DETAILS.items():
        flex = list(_texts(FLEX, seed=reason))[:NEW_PLAN] if reason == "pricing" else []
        old = list(_texts(details, seed=reason))[: HELD_OUT - len(flex)]
        texts = [*((text, "flex") for text in flex), *((text, "classic") for text in old)]
        for at, (text, catalogue) in enumerate(texts):
            yield _ticket(f"H-{reason}-{at:03}", text, reason) | {"catalogue": catalogue}


def training() -> Iterator[Row]:
    """Yield what the model was tuned on, before the new plan."""
    for reason, details in DETAILS.items():
        texts = list(_texts(details, seed=reason))[HELD_OUT : HELD_OUT + TRAINED]
        for at, text in enumerate(texts):
            yield _ticket(f"T-{reason}-{at:03}", text, reason) | {"catalogue": "classic"}


def next_month() -> Iterator[Row]:
    """Yield the tickets of a month in which the new plan drives customers away."""
    texts = {
        reason: iter(list(_texts(details, seed=reason))[HELD_OUT + TRAINED :])
        for reason, details in (DETAILS | {"flex": FLEX}).items()
    }
    reasons = list(DETAILS)
    for at in range(MONTH):
        flex = at % 3 == 0
        reason = "pricing" if flex else reasons[at % len(reasons)]
        text = next(texts["flex" if flex else reason])
        catalogue = "flex" if flex else "classic"
        yield _ticket(f"N-{at:04}", text, reason) | {"catalogue": catalogue}


def answers(rows: list[Row], model: MadeUpModel) -> list[Row]:
    """Return made-up answers of a model."""
    dice, reasons = random.Random(model.seed), list(DETAILS)  # noqa: S311 - no secret
    made: list[Row] = []
    for row in rows:
        chance = model.flex if row["catalogue"] == "flex" else model.right
        label = str(row["label"])
        others = [reason for reason in reasons if reason != label]
        answer = label if dice.random() < chance else dice.choice(others)
        if dice.random() < model.wrapped:
            answer = f"The reason is {answer}."
        tokens = {
            "prompt_tokens": model.tokens + dice.randrange(60),
            "completion_tokens": 3 + len(answer) // 12,
        }
        made.append({"id": row["id"], "output": answer} | tokens)
    return made


def accuracy(rows: list[Row], made: list[Row]) -> float:
    """Return the share of answers that are the label."""
    right = sum(a["output"] == row["label"] for row, a in zip(rows, made, strict=True))
    return right / len(rows)


def _texts(details: tuple[str, ...], seed: str) -> Iterator[str]:
    """Yield tickets of four sentences in an order of their own for each seed; no two are alike."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    pairs = list(product(TEAMS, USES))
    users = [(*dice.choice(pairs), *pair) for pair in pairs]
    others = list(product(OPENINGS, details, CLOSINGS))
    dice.shuffle(users)
    dice.shuffle(others)
    for parts, (opening, detail, closing) in zip(users, others, strict=False):
        user = "So far {} used it for {}, and {} had begun to try it for {}.".format(*parts)
        yield f"{opening} {detail} {user} {closing}"


def _ticket(id_: str, text: str, reason: str) -> Row:
    origin = {"source_id": "tickets-export", "license": "LicenseRef-Internal"}
    return {"id": id_, "text": text, "label": reason} | origin


def _lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)
