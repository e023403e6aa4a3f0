"""coach: a terminal interview coach for engineers."""

__version__ = "0.2.0"
