"""Recognizers of our own: one kind of personal data each, found by cue, shape and checksum."""
