"""How texts become comparable: read, stripped of boilerplate, normalised, shingled, hashed, signed.

Read `normalisation` first (what counts as the same text), then `text_source` (where texts come
from) and `shingling` (texts → shingle hashes).
"""
