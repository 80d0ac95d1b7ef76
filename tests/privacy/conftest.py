"""A tiny model that finds names and places, trained here."""

import random
from typing import Any

import pytest

PEOPLE = ["Orla Testperson", "Quill Sampleton", "Vera Exemplar", "Milo Mustermann"]
PLACES = ["Exampleton", "Sampleville", "Testburg", "Demoford"]
SENTENCE = "yesterday {} walked to {} again"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder with a tiny pipeline, trained here."""
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    nlp = spacy.blank("en")
    recognizer: Any = nlp.add_pipe("ner")
    for label in ("PERSON", "GPE", "CARDINAL"):
        recognizer.add_label(label)
    examples = []
    for person in PEOPLE:
        for place in PLACES:
            text = SENTENCE.format(person, place)
            at, there = text.index(person), text.index(place)
            spans = [(at, at + len(person), "PERSON"), (there, there + len(place), "GPE")]
            examples.append(Example.from_dict(nlp.make_doc(text), {"entities": spans}))
    fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    source = random.Random(0)  # noqa: S311 - a fixed seed
    for _ in range(12):
        source.shuffle(examples)
        nlp.update(examples, sgd=optimizer)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    nlp.to_disk(folder)
    return f"spacy:{folder}"
