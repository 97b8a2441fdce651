"""Records as files that an import takes back unchanged: one kind, or a folder of everything."""
