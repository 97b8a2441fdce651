"""From typed text to stored values and back: one file for each type of value."""
