"""The database's history, and what it refuses by itself."""
