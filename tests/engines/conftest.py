"""Tests of engines; those of Spark run where it is installed (`make test-spark`)."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("pyspark") else ["spark"]
