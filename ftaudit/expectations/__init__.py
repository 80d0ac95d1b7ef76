"""Great Expectations suites: common types as polars expressions, all others through GX."""
