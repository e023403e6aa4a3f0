"""A Word document's styles, each with what it inherits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from coach.importing.readers.numbering import W, value_of, whole
from coach.importing.readers.runs import is_mono

_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop)\s?([1-9])", re.IGNORECASE)
_CODE = re.compile(r"code|preformatted|source|macro|verbatim|listing", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of a paragraph and its letters."""

    level: int = 0
    """Of a heading, 1 to 6; else 0."""
    list_id: str = ""
    depth: int = 0
    bold: bool = False
    italic: bool = False
    mono: bool = False
    code: bool = False
    contents: bool = False
    """Of an entry in a table of contents."""
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles by id."""

    known: Mapping[str, Style] = field(default_factory=dict)
    default: Style = field(default_factory=Style)
    """Of paragraphs that name none."""
    size: float = 10.0
    """Of letters of which nothing is said, in points."""

    def of(self, style_id: str) -> Style:
        """A style by its id."""
        return self.known.get(style_id, self.default if not style_id else Style())

    def toggle(self, properties: Element | None, name: str, inherited: bool) -> bool:
        """Whether a switch such as ``b`` is on for letters with these properties of their own."""
        found = properties.find(f"{W}{name}") if properties is not None else None
        return inherited if found is None else found.get(f"{W}val", "1") not in _OFF


def styles_of(root: Element | None) -> Styles:
    """The styles that ``word/styles.xml`` defines."""
    if root is None:
        return Styles()
    raw = {one.get(f"{W}styleId", ""): one for one in root.findall(f"{W}style")}
    known = {name: _style(name, raw) for name in raw}
    standard = next(
        (
            name
            for name, one in raw.items()
            if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default", "0") not in _OFF
        ),
        "",
    )
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    return Styles(known, known.get(standard, Style()), whole(value_of(defaults, "sz")) / 2 or 10.0)


def _style(name: str, raw: Mapping[str, Element]) -> Style:
    """A style with what it takes from those it is based on, itself first."""
    chain: list[Element] = []
    while name in raw and raw[name] not in chain and len(chain) < 12:
        chain.append(raw[name])
        name = value_of(raw[name], "basedOn")
    titles = [value_of(one, "name") for one in chain]
    level = next((min(int(found[1]), 6) for title in titles if (found := _HEADING.fullmatch(title))), 0)
    if not level:
        outlines = [value_of(one.find(f"{W}pPr"), "outlineLvl") for one in chain]
        level = next((int(text) + 1 for text in outlines if text.isdecimal() and int(text[:3]) < 6), 0)
    if titles and titles[0].lower() == "title":
        level = 1
    lists = [one.find(f"{W}pPr/{W}numPr") for one in chain]
    fonts = [found.get(f"{W}ascii", "") for one in chain for found in one.findall(f"{W}rPr/{W}rFonts")]
    return Style(
        level=level,
        list_id=next((text for one in lists if (text := value_of(one, "numId"))), ""),
        depth=next((whole(text) for one in lists if (text := value_of(one, "ilvl"))), 0),
        bold=_switch(chain, "b"),
        italic=_switch(chain, "i"),
        mono=is_mono(next((font for font in fonts if font), "")),
        code=bool(titles) and _CODE.search(titles[0]) is not None and chain[0].get(f"{W}type") != "character",
        contents=bool(titles) and re.fullmatch(r"toc( \d| heading)?", titles[0], re.IGNORECASE) is not None,
        size=next((whole(text) / 2 for one in chain if (text := value_of(one.find(f"{W}rPr"), "sz"))), 0.0),
    )


def _switch(chain: list[Element], name: str) -> bool:
    for one in chain:
        found = one.find(f"{W}rPr/{W}{name}")
        if found is not None:
            return found.get(f"{W}val", "1") not in _OFF
    return False
