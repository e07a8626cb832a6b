"""Messages to people: written where something happens to them, and sent by e-mail."""
