"""A generated company: as large as wanted, with a history of two years, for trying and measuring.

Its rows are such as the application writes. The same seed, size and day make the same company,
save for what the application's own functions draw: ids and codes of what was decided last.
"""
