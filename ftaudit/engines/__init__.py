"""Engines: run folds over a dataset's relations."""
