"""Find the files that hold the data, prove them sound, and hand out their rows.

The door is `inputs.open_inputs`: it takes what a user names (files, folders, patterns, addresses,
tables in memory) and returns `Inputs`, read once from end to end. Read `inputs` first, then
`data_source` (what every reader gives) and one reader, such as `delimited`.
"""
