"""Is tuning worth it: lift, consistency, cost, power and drift, from files of results.

Start with `comparison.py` (after tuning), `power_forecast.py` (before) and `drift_report.py`.
"""
