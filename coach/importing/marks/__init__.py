"""The ways in which a line is marked as a question; each finds candidates."""
