"""Compile the kernels, so that tests which run side by side do not compile each its own.

`make test` runs this beside installing, so one process does it all: each of several would compile
the functions that many kernels call. The machine code is kept for later runs.
"""

import gc
from pkgutil import iter_modules
from unittest.mock import patch

from ftaudit.model.progress import Silent
from ftaudit.similarity import kernels
from ftaudit.similarity.runtime import kernel_compilers
from ftaudit.similarity.runtime.kernel_loader import load_kernels

if __name__ == "__main__":
    gc.disable()  # compiling leaves little garbage
    names = [module.name for module in iter_modules(kernels.__path__)]
    with patch.object(kernel_compilers, "cores", return_value=1):
        load_kernels(Silent(), *names)
