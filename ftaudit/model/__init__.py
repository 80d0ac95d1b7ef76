"""The vocabulary: what every other package speaks of. Imports nothing of ftaudit."""
