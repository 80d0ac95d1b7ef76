"""Data → verdict: open, fold, judge, record, write. Read `scan` first."""
