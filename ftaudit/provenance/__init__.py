"""Where data came from, by what right, and for what use.

The doors are `assessment.assess`, which compares a record with the policy, the files and the
calendar, and `row_origins.judge_origins`, which judges the source and licence of rows.
`provenance_record` defines the record: read it first. `croissant` and `dataset_card` read and
write the formats of other tools; `starter_record` writes a first `provenance.yaml`.
"""
