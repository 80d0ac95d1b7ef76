"""What fine-tuning services and trainers accept: one profile per file, one engine for all.

Read `provider_profile` first, what a profile can say, then `profile_judge`, which holds records to
one. `builtin/` holds the profiles that ship; `tokens` counts.
"""
