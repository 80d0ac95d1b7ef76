"""Terms of identity, by kind: what two rows may differ in without another label.

The lists are short and English, and name what the studies below named; they are no picture of
people. Kinds: gender (pronouns, and pairs of Zhao et al. 2018, "Gender bias in coreference
resolution", https://arxiv.org/abs/1804.06876), given names (Bertrand and Mullainathan 2004, "Are
Emily and Greg more employable than Lakisha and Jamal?"), and origin, religion, orientation, age
and disability (the terms of Dixon et al. 2018, "Measuring and mitigating unintended bias in text
classification", https://doi.org/10.1145/3278721.3278729).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

IDENTITY_TERMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "gender": (
            *("he", "she", "him", "her", "his", "hers", "himself", "herself", "mr", "mrs", "ms"),
            *("man", "woman", "men", "women", "boy", "girl", "boys", "girls", "male", "female"),
            *("husband", "wife", "father", "mother", "dad", "mom", "son", "daughter"),
            *("brother", "sister", "uncle", "aunt", "sir", "madam", "nonbinary"),
        ),
        "name": (
            *("emily", "anne", "jill", "allison", "laurie", "sarah", "meredith", "carrie"),
            *("kristen", "todd", "neil", "geoffrey", "brett", "brendan", "greg", "matthew"),
            *("brad", "aisha", "keisha", "tamika", "lakisha", "tanisha", "latoya", "latonya"),
            *("ebony", "rasheed", "tremayne", "kareem", "darnell", "tyrone", "hakim", "jamal"),
            *("leroy", "jermaine"),
        ),
        "origin": (
            *("african", "african american", "american", "asian", "black", "canadian", "chinese"),
            *("european", "hispanic", "indian", "japanese", "latina", "latino", "latinx"),
            *("mexican", "middle eastern", "white"),
        ),
        "religion": (
            *("buddhist", "catholic", "christian", "jewish", "muslim", "protestant", "sikh"),
            "taoist",
        ),
        "orientation": (
            *("bisexual", "gay", "heterosexual", "homosexual", "lesbian", "lgbt", "lgbtq"),
            *("queer", "straight", "trans", "transgender"),
        ),
        "age": ("elderly", "middle aged", "old", "older", "teenage", "young", "younger"),
        "disability": ("blind", "deaf", "paralyzed"),
    }
)
"""Kind → terms, in lower case."""
