"""Programs, what people owe by them, the award and its certificate."""
