"""Personal data, secrets and confidentiality markings: find, resolve, mask, redact."""
