"""How a line reads, from its words alone."""
