"""Compiled kernels. Import them inside functions only: importing one loads (or compiles) numba."""


# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"
