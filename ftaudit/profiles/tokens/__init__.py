"""How many tokens a record has, which are trained, and which are cut off. Downloads nothing."""
