"""What the book answers and accepts: no argv, no SQL text, no Rich."""
