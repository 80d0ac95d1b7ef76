"""Compile the kernels, so that tests which run side by side do not compile each its own.

`make test` runs this beside mypy. The machine code is kept for later runs.
"""

from pkgutil import iter_modules

from ftaudit.model.progress import Silent
from ftaudit.similarity import kernels
from ftaudit.similarity.runtime.kernel_loader import load_kernels

if __name__ == "__main__":
    load_kernels(Silent(), *(module.name for module in iter_modules(kernels.__path__)))
