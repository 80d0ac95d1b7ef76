"""Evaluate Great Expectations suites on the user's own columns.

The doors are `suite.read_suites`, `suite_plan.plan` and `evaluation` (`measure`, `combine`,
`conclude`). Common types are polars expressions, one family of types per module, listed in
`families`; `gx` evaluates all other types. Read `suite` first, then `evaluation`.
"""
