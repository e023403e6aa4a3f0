"""Is a text in English? The offline grader reads nothing else, and has to say so rather than guess a grade."""

from __future__ import annotations

import unicodedata

from coach.text.terms import FUNCTION_WORDS, words

_COMMON = {
    "German": "der die das und ist nicht ein eine einen mit auf für von dem den des wird werden sind ich wir man auch bei als wenn dass oder durch nach zu im",
    "French": "le la les des une est et que qui dans pour pas sur avec sont plus par ce cette nous je il elle on mais ou donc du au aux en",
    "Spanish": "el la los las una es y que de en para con no por se del más como pero sus lo al son está esta este si porque cuando hay",
    "Portuguese": "o os as uma é e que de em para com não por se do da dos das mais como mas ou ao são está este esta quando também eu nós",
    "Italian": "il lo gli una è e che di in per con non si del della dei sono più come ma o anche questo questa quando nel alla io noi le",
    "Dutch": "de het een en is niet van dat die op te met voor zijn wordt worden ik we ook bij als maar of door naar deze dit aan er",
    "Polish": "i w na z do nie że się jest to jak są dla przez od po czy lub który która które oraz ale tak aby przy jego gdy",
}
_WORDS = {name: frozenset(common.split()) for name, common in _COMMON.items()}
_LEAST_WORDS = 8
_ENGLISH_SHARE = 0.12
"""Share of English grammar words from which a text counts as English, whatever else is in it; prose has 0.35-0.5."""
_OTHER_SHARE = 0.16
"""The same for another language's own list, which is shorter."""


def other_language(text: str) -> str | None:
    """The language or script of a text that is plainly not English; None for English, short texts and code."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = [letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN")]
    if len(foreign) > 0.5 * max(1, len(letters)) and len(foreign) >= 6:
        return unicodedata.name(foreign[len(foreign) // 2], "another script").split(" ")[0].capitalize() + " script"
    # Not by single letters: O(n log n) would be Portuguese.
    said = [word.text for word in words(text) if len(word.text) > 1]
    if len(said) < _LEAST_WORDS or sum(word in FUNCTION_WORDS for word in said) >= _ENGLISH_SHARE * len(said):
        return None
    share, name = max((sum(word in common for word in said) / len(said), name) for name, common in _WORDS.items())
    return name if share >= _OTHER_SHARE else None
