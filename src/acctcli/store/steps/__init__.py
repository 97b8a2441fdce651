"""The steps of the schema, each loaded only by a book that has not taken it."""
