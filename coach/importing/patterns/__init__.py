"""Which candidates are the questions of the document."""
