"""Where somebody stands: figures over the attempts. Pure."""
