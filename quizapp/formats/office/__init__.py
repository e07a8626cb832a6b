"""Documents that are not text: DOCX, PDF and web pages become Markdown."""
