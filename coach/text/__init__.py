"""What several rooms need of text: pure functions, no state."""
