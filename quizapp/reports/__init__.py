"""Read-only queries and exports: progress of a person, of a team, of an attempt."""
