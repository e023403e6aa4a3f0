"""A writer of small PDF files: lines of text at places, in the standard fonts."""

from __future__ import annotations

from collections.abc import Sequence

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "mono": "Courier"}
Line = tuple[str, float, float, float, str]
"""(font, size in points, left, bottom, text)."""


def pdf(pages: Sequence[Sequence[Line]]) -> bytes:
    """A document of these pages, 595 by 842 points each; the same bytes every time."""
    fonts = {name: place for place, name in enumerate(FONTS, start=3)}
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects += [f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} >>".encode() for font in FONTS.values()]
    named = " ".join(f"/{name} {place} 0 R" for name, place in fonts.items())
    kids = []
    for lines in pages:
        drawn = "\n".join(
            f"BT /{font} {size} Tf {left} {bottom} Td ({_escaped(text)}) Tj ET"
            for font, size, left, bottom, text in lines
        ).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font << {named} >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(made)


def book(count: int) -> bytes:
    """A question a page, under a running header and above a page number."""
    return pdf(
        [
            [
                ("plain", 8, 60, 810, "The book of rules"),
                ("bold", 14, 60, 760, f"{number}. What does rule {number} say?"),
                ("plain", 10, 60, 730, f"Rule {number} says that a table is split into pieces, so that a query"),
                ("plain", 10, 60, 718, "reads only what it needs. It says no more than that to anybody."),
                ("plain", 8, 290, 30, str(number)),
            ]
            for number in range(1, count + 1)
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
