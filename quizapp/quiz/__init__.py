"""Quizzes, attempts and their scores."""
