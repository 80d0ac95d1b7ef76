"""Find what Presidio finds, without running every recognizer on every text.

Read `presidio_scanner` first, the door; then `two_stage` (a prefilter, then the recognizers that
may match) and `derivation` (where prefilters come from). `registry` chooses the recognizers,
`matchers` and `phone_search` run them as Presidio does but faster, `context_words` raises scores
as Presidio does, and `plain_analyzer` is Presidio itself. Everything but `presidio_scanner`
imports Presidio or spaCy, which take seconds to load.
"""
