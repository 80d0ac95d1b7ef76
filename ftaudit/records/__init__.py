"""Tell what the columns mean: which record format it is, which column plays which part.

The doors are `detect.recognise`, which chooses a format for the columns of a table, and
`rows.CanonicalRows`, which reads the table as canonical rows (`model.dataset.ROWS`) by that
format. Read `detect` first, then one format, such as `classification`.
"""
