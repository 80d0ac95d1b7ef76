"""A manifest → may tuning proceed? Read `verify` first; `match_files` says what the data is."""
