"""Readers: each turns one kind of file or store into well-formed tables."""
