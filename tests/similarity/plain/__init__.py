"""Tests of the kernels in plain Python."""
