"""Find personal data by patterns of our own, beside Presidio.

Read `cued_recognizer` first: patterns that report the group `value`, and a check of that value.
Each other module is one kind of personal data; `cued_scanner` discovers and runs them all.
"""
