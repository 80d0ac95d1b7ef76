"""Find credentials in texts.

Read `secret_rules` first, one line per kind of secret; `secret_scanner` runs them with those of
detect-secrets, and `entropy` tells secrets from placeholders.
"""
