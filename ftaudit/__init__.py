"""Audit training data and decide whether fine-tuning may proceed."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ftaudit.admission.verify import gate
    from ftaudit.model.options import Options
    from ftaudit.pipeline.audit import Audit
    from ftaudit.pipeline.evaluation_run import evaluate as compare
    from ftaudit.pipeline.fixed import Fixed
    from ftaudit.pipeline.fixing import fix
    from ftaudit.pipeline.scan import scan
    from ftaudit.pipeline.split import Split, split

__all__ = ["Audit", "Fixed", "Options", "Split", "compare", "fix", "gate", "scan", "split"]
__version__ = "0.1.0"

_HOME: Final = {
    "Audit": ("ftaudit.pipeline.audit", "Audit"),
    "Fixed": ("ftaudit.pipeline.fixed", "Fixed"),
    "Options": ("ftaudit.model.options", "Options"),
    "compare": ("ftaudit.pipeline.evaluation_run", "evaluate"),
    "fix": ("ftaudit.pipeline.fixing", "fix"),
    "gate": ("ftaudit.admission.verify", "gate"),
    "scan": ("ftaudit.pipeline.scan", "scan"),
    "Split": ("ftaudit.pipeline.split", "Split"),
    "split": ("ftaudit.pipeline.split", "split"),
}
"""Public name → the module that defines it, and its name there."""


def __getattr__(name: str) -> object:
    """Load the public names when they are first used, so that importing ftaudit stays instant."""
    if name not in _HOME:
        msg = f"module 'ftaudit' has no attribute {name!r}"
        raise AttributeError(msg)
    module, attribute = _HOME[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
