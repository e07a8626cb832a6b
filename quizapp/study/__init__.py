"""Reading procedures and acknowledging what was read."""
