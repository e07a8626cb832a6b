"""Backups: the whole database as one sealed file, checked when made and before it is used."""
