"""Labels that begin the turns of a rendered conversation (`records.conversation`).

Alternatives of a regular expression, to stand in `(?i:…)` before a colon and a blank.
"""

from typing import Final

SYSTEM: Final = "system|developer"
"""Of prompts before the first turn."""
USER: Final = "user|human|prompter"
ANSWERING: Final = "assistant|gpt|model|bot|tool|function|function_call|observation|ipython"
"""Of turns that follow on a user's: of a model, and of the tools that it calls."""
