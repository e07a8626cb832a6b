"""The pages of a PDF: lines of glyphs at their places become text again."""
