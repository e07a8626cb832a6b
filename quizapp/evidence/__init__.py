"""Who saw, answered, keyed and published what, when: append-only and chained."""
