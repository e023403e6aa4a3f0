"""Counts text in a model's tokens: exactly where tiktoken knows the model and its vocabulary lies on this machine."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

VOCABULARIES = {
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
"""Encoding -> (its file's name in tiktoken's cache, the SHA-256 of its bytes)."""

_PIECES = re.compile(r"[A-Za-z]+|[0-9]+|\s+|[^\sA-Za-z0-9]")
_LETTERS_A_TOKEN = 4
_DIGITS_A_TOKEN = 2


class Estimate:
    """A guess that errs on the long side: for models whose tokens are not known here."""

    exact = False
    name = "estimate"

    def count(self, text: str) -> int:
        """Tokens: one for every 4 letters of a word, 2 digits, sign, and 2 bytes of other scripts."""
        return sum(_cost(piece) for piece in _PIECES.findall(text))


class Exact:
    """The model's own count."""

    exact = True

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self.name = encoding.name

    def count(self, text: str) -> int:
        """Tokens; what looks like a special token is counted as the text that it is."""
        return len(self._encoding.encode(text.encode("utf-8", "replace").decode(), disallowed_special=()))


def counter(model: str) -> Estimate | Exact:
    """The best counter there is for a model. Never reaches for the network."""
    encoding = _encoding(model)
    return Estimate() if encoding is None else Exact(encoding)


@cache
def _encoding(model: str) -> Encoding | None:
    if not any(_file(name).is_file() for name in VOCABULARIES):
        return None
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model.rpartition("/")[2])
    except KeyError:
        return None
    # tiktoken downloads whatever is missing or damaged, without a timeout: look before it does.
    if name not in VOCABULARIES or not _whole(_file(name), VOCABULARIES[name][1]):
        return None
    return tiktoken.get_encoding(name)


def _file(name: str) -> Path:
    """Where tiktoken keeps a vocabulary."""
    chosen = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    folder = Path(tempfile.gettempdir()) / "data-gym-cache" if chosen is None else Path(chosen or os.devnull)
    return folder / VOCABULARIES[name][0]


def _whole(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _cost(piece: str) -> int:
    first = piece[0]
    if first.isspace():
        return piece.count("\n") + (len(piece) > 1)
    if first.isascii() and first.isalpha():
        return -(-len(piece) // _LETTERS_A_TOKEN)
    if first.isascii() and first.isdigit():
        return -(-len(piece) // _DIGITS_A_TOKEN)
    return 1 if first.isascii() else -(-len(first.encode("utf-8", "replace")) // 2)
