"""Say what is acceptable, and whether the evidence is.

The door: `policy.load` reads a policy, `decision.decide` holds evidence to it. Read `decision`
first; it is pure, and both `ftaudit scan` and `ftaudit gate` call it. `builtin/` holds the
policies that ship.
"""
