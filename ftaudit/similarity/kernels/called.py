"""How functions are compiled that only kernels call: without what calls them from Python and C."""

from numba import njit

called = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload] # its types lack both
