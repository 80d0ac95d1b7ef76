"""Say what a finding is, which of several stand, and what may be shown of one.

Read `span` first, then `resolve` (which of overlapping spans stand) and `finding_counts` (how the
checks count them). `doubt` and `allow` drop spans; `mask`, `surrogate` and `value_digest` stand in
for values; `entity_types` lists the types of personal data.
"""
