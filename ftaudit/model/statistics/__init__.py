"""Say how sure a number is, and whether two numbers differ.

Pure, with published oracles: no data files, no policy, no effects. Read `interval` first, then
`distribution`, for how classes are spread, or `paired_counts`, for two systems on the same rows.
"""
