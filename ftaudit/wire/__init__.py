"""Write and read what leaves this machine: manifests, and the envelopes they are signed in.

The door: `manifest.from_json` and `to_json`, `envelope.sign` and `verify`. Read `manifest` first:
its types are frozen per version and closed, and the domain types may change without them.
`keyless` signs with an identity instead of a key; `schemas/` holds the JSON Schemas.
"""
