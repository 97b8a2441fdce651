"""Records as files that an import reads back unchanged: one kind, or a folder of everything."""
