"""Question and answer to grade: guards, rubric, evidence, score, feedback."""
