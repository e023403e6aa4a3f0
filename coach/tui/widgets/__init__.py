"""What the screens are put together from, one widget a file."""
