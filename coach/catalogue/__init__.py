"""Decks and questions with their numbers; rubric files, shipped and the user's."""
