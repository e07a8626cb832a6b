"""Messages to people, written where something happens to them."""
