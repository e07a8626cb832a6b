"""Reports as files: one table for the page, the CSV, the XLSX and the PDF."""
