"""How functions are compiled that only kernels call: without what calls them from Python and C."""

from numba import njit

called = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload] # its types lack both
bare = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[call-overload] # as above
"""For functions that make no array: without counts of references, they compile in less time."""
merged = njit(inline="always")
"""For long functions with one caller: compiled as a part of it, not once more by themselves."""
