"""The app in the terminal: screens over the session's use cases. Textual is loaded here and nowhere else."""
