"""Sharing a book: starting and joining, sending and taking, conflicts, members."""
