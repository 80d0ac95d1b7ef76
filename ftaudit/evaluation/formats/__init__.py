"""Files of results that people have: one format per module, recognised by content.

Read `recognition` first: it opens a file and chooses the format. Every format gives the
`ResultTable` of `result_table`; `plain_results` is the simplest.
"""
