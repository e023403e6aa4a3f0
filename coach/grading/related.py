"""Has a quote anything to do with the point that it is to prove? A remote relation is enough; none voids the credit.

A model that was talked into marks, or that guesses, gives full marks with real quotes about something else. The same
claims encoder that the offline grader compares by sees that, whatever the model says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from coach.domain import Evidence, KeyPoint, Question, Rubric
from coach.grading.anchors import Anchors
from coach.grading.evidence import asked_stems
from coach.ports import Embedder
from coach.text.sentences import Statement
from coach.text.terms import content_stems, overlap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_COSINE = 0.40
"""Nearness of a quote to some right way to say the point. On the shown gold answers, with the best quote for each point:
what is left of full marks is 100 of 100 for strong and good answers, 97 for partial ones, 76 for vague ones."""

LEAST_WORDS = 0.4
"""Or share of the point's words, those of the question left out, that the quote has: for other languages than English,
and for texts that the encoder knows nothing of."""

FEWEST_WORDS = 3
"""Words of a point below which their share says nothing."""


class Relation:
    """Relates the quotes of one answer to the points of its rubric."""

    def __init__(
        self,
        question: Question,
        rubric: Rubric,
        statements: Sequence[Statement],
        embedder: Embedder,
        anchors_of: Callable[[Question, Rubric], Anchors],
    ) -> None:
        """``statements``: those of the answer that may be evidence."""
        self._asked = asked_stems(question.text)
        self._points = {point.id: at for at, point in enumerate(rubric.points)}
        self._anchors = anchors_of(question, rubric)
        self._statements = tuple(statements)
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def related(self, point: KeyPoint, evidence: Sequence[Evidence]) -> bool:
        """Whether the quotes, or the statements that they are taken from, are at least remotely about ``point``."""
        texts = self._around(evidence)
        if not texts:
            return False
        wanted = [stem for stem in content_stems(point.text) if stem not in self._asked]
        if len(set(wanted)) >= FEWEST_WORDS:
            said = {stem for text in texts for stem in content_stems(text)}
            if overlap(wanted, said) >= LEAST_WORDS:
                return True
        right = self._anchors.points[self._points[point.id]].right
        return bool((right @ self._vectors(texts).T).max() >= LEAST_COSINE)

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of these texts; points often share their quotes, and each text is embedded once."""
        new = [text for text in texts if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._embedder.vectors(new), strict=True))
        import numpy as np

        return np.stack([self._known[text] for text in texts])

    def _around(self, evidence: Sequence[Evidence]) -> list[str]:
        texts: list[str] = []
        for item in evidence:
            if not content_stems(item.quote):
                continue
            texts.append(" ".join(item.quote.split()))
            texts += [
                statement.text
                for statement in self._statements
                if statement.span.start < item.span.end and item.span.start < statement.span.end
            ]
        return list(dict.fromkeys(texts))
