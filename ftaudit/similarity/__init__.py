"""Which rows are near-identical: normalise, shingle, sign, band, verify, cluster."""
