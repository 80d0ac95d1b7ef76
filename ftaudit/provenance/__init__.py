"""The provenance record: where data came from and by what right; Croissant and dataset cards."""
