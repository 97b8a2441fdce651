"""The commands, one module per noun: a command parses, calls the book and returns a result."""
