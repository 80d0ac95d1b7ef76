"""Record formats: each recognises one kind of fine-tuning record and maps it to canonical rows."""
