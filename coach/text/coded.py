"""Whether a line of plain text is code that nobody put into a block."""

from __future__ import annotations

import re

_CODE = re.compile(
    r"(?:def \w+\s?\(|class \w+\s?[:({]|class [A-Z]\w*$|import [\w.{*]+|from [\w.]+ import |#include\b|using \w[\w.]*;|package [\w.]+;"
    r"|(?:public|private|protected|static|final|abstract|async|export|extern|const)\s+\w+[\s*&<(]"
    r"|(?:unsigned |long |const )?(?:int|float|double|char|bool|boolean|long|string|String|void|auto|byte)(?:\[\])?\s+[*&]?\w+\s?[=;(\[,{]"
    r"|(?:let|const|var|val)\s+[\w{\[]+.{0,60}=|function\s?\w*\s?\(|return\b.{0,80};?$|print(?:f|ln)?\s?\(|console\.\w+\(|System\.\w+|(?:std::)?c(?:out|in)\s?[<>]{2}"
    r"|SELECT\b|INSERT INTO\b|UPDATE \w+ SET|DELETE FROM\b|CREATE (?:TABLE|VIEW|INDEX)|ALTER TABLE|FROM [a-z_]\w*|WHERE [a-z_]\w*|GROUP BY|ORDER BY"
    r"|(?:for|while|if|switch|catch)\s?\(|(?:else|try|do|finally)\s?[{:]|(?:elif|if|while|for|with) [^?]{1,80}:$|@\w+(?:\(|$)|\$ \w|>>> |<\?php|</?\w+[^<>?]{0,80}>$"
    r"|[})\]]+[;,)]*$|//|/\*|\*/)"
)
_ENDS = re.compile(r"(?:[;{}]|=>|\)\s?;|\):)\s*(?://.{0,80})?$")
_STATEMENT = re.compile(
    r"[A-Za-z_]\w*(?:[.\[]\S{1,40})?\s?(?:[-+*/|&]?=|:=|<-)\s?[^=\s]|[A-Za-z_][\w.]{0,60}\([^()?]{0,80}\)[.\w()]{0,60};?$"
)


def is_code(text: str) -> bool:
    """Whether a line reads as a statement of some programming language rather than as a sentence."""
    bare = text.strip()[:300]
    return _CODE.match(bare) is not None or _ENDS.search(bare[-100:]) is not None or _STATEMENT.match(bare) is not None
