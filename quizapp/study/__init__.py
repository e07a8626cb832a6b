"""Reading procedures and marking what was read."""
