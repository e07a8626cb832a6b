"""Banks as tables: CSV and XLSX."""
