"""Pure statistics with published oracles: no data files, no policy, no effects."""
