"""Procedures and banks as rows with revisions: importing, keys and search."""
