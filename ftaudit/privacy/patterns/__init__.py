"""Say which texts hold a match of which of many patterns, in time linear in the text.

Read `prefilter` first: all patterns in one RE2 automaton. `pattern_search` adds the places of the
matches; `regex_ir` and `regex_widen` derive from any pattern a weaker one that RE2 can search and
that misses none of its matches.
"""
