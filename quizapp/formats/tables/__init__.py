"""Banks kept as tables: CSV and XLSX, read and written."""
