"""What the judgements of `domain` rest on: one file each, its SELECT beside its rows."""
