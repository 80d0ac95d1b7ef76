"""Texts that ask one thing and say nothing else.

Patterns for `re` and for RE2 alike; both match whole texts without white space around them.
"""

from typing import Final

ONE_QUESTION: Final = r"^[^.!?\n\uff1f]{1,400}[?\uff1f]$".replace(r"\uff1f", "\uff1f")
"""A question mark ends it, and no sentence stands before it."""
POINTING: Final = (
    r"(?i)\b(?:this|these|following|above|below|given|diese[mnrs]?|folgende[mnrs]?|ce|cet|cette"
    r"|suivante?|est[ae]|siguiente|quest[ao]|seguente|seguinte)\b"
)
"""A word that points to the text as a whole: "Is this review kind?" is an instruction, not a
question about a passage."""
