"""Questions as people type them: numbers, letters, boxes and signs, in text, Markdown and chats."""
