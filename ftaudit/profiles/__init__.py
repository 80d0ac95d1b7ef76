"""What fine-tuning services and trainers accept: one profile per file, one engine for all."""
