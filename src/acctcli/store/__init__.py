"""The book on disk: the only place with SQL."""
