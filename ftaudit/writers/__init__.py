"""Write the rows of a file again: those that stay as the bytes they were, others with edits.

A writer for each kind of file that a reader reads. Read `row_writer` first: its `write_rows` is the
door.
"""
