"""The commands: one file a noun; a command parses, calls and returns what is to be shown."""
