"""What a coach does beside grading: answers questions, hints, probes, explains, shows how it could be said."""
