"""Text put right before questions are looked for in it."""
