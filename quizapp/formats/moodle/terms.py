"""What Moodle's formats say in a way of their own."""

TRUE, FALSE = "Verdadeiro", "Falso"

# What any number that an agent could give lies between: Moodle's `*` for all other answers.
ANY_NUMBER = 999_999_999_999_999.0
