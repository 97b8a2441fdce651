"""What the book tells and takes: no argv, no SQL text, no Rich."""
