"""Words of a text: where they stand, their stems, and which of them carry meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from coach.domain import Span

_WORD = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?(?:['’][^\W_]+)?", re.UNICODE)

FUNCTION_WORDS = frozenset(
    """a an the this that these those it its itself they them their theirs there here he she his her him we us our ours you
    your yours i me my mine one ones who whom whose which what when where why how and or but so yet if then else than as at
    by for from in into of off on onto out over to toward towards under up upon with within about above across after again
    against along among around before behind below beneath beside between beyond down during inside near outside past per
    since through throughout till until via is am are was were be been being do does did done doing have has had having
    can could may might must shall should will would ought let lets get gets got just also too very really quite rather
    much many more most some any all both each every few other others another such same own only even still already ever
    else etc e g ie eg vs let's it's that's there's i'm i've i'd i'll we're we've you're they're""".split()
)
"""English words that carry grammar rather than content. Negations are left out on purpose: they carry truth."""

NEGATIONS = frozenset(
    """not no never none nothing neither nor cannot can't won't don't doesn't didn't isn't aren't wasn't weren't shouldn't
    wouldn't couldn't hasn't haven't hadn't without hardly barely rarely seldom fail fails failed unable impossible
    false wrong incorrect avoid avoids prevents prevent lacks lack isnt dont doesnt cant wont""".split()
)
"""Words that turn a statement round, or may."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text."""

    span: Span
    """Where it stands."""
    text: str
    """In lower case, typographic apostrophes made plain."""
    stem: str
    """Snowball English stem; the word itself where it has digits."""

    @property
    def is_content(self) -> bool:
        """Whether it carries meaning of its own."""
        return self.text not in FUNCTION_WORDS


@lru_cache(maxsize=4_096)
def words(text: str) -> tuple[Word, ...]:
    """The words of ``text`` in order. Kept: a grade asks for those of one statement many times."""
    return tuple(
        Word(Span(found.start(), found.end()), lowered, stem(lowered))
        for found in _WORD.finditer(text)
        for lowered in [found.group().lower().replace("’", "'")]
    )


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    return [word.stem for word in words(text) if word.is_content]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball English stem of a lower-case word."""
    if not word.isalpha() or len(word) < 3:
        return word
    return str(_stemmer().stemWord(word))


def overlap(part: Iterable[str], whole: Iterable[str]) -> float:
    """The share of distinct items of ``part`` that are in ``whole``; 0 for an empty ``part``."""
    wanted = set(part)
    return len(wanted & set(whole)) / len(wanted) if wanted else 0.0


@cache
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")
