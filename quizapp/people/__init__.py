"""Users, teams, roles and how they sign in."""
