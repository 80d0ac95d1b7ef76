"""The frozen formats: manifest, envelope, keyless bundle, and their JSON Schemas."""
