"""Is tuning worth it: lift, consistency, cost, power and drift, from files of results.

Read `pairing` first: it lays the answers of a model beside the rows of the holdout.
"""
