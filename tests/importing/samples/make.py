"""Makes the binary samples beside this file, by the libraries that people's documents come from.

pip install python-docx reportlab fpdf2 && python tests/importing/samples/make.py
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.shared import Pt
from fpdf import FPDF
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, ListItem, Paragraph, Preformatted, SimpleDocTemplate, Spacer

HERE = Path(__file__).parent
LONG = (
    "Partitioning splits a large table into smaller pieces so that a query reads only what it needs, which makes it "
    "faster and keeps maintenance manageable over a long time. "
)


def styled_docx() -> None:
    """Word's own styles: headings, automatic numbers that go on over sections, bullets, code, a table."""
    made = docx.Document()
    made.add_heading("Backend interview", 0)
    made.add_heading("Databases", 1)
    made.add_paragraph("What is an index?", style="List Number")
    made.add_paragraph("It makes look-ups fast.")
    for row in ("SELECT *", "  FROM a", "", " WHERE b = 1"):
        made.add_paragraph().add_run(row).font.name = "Courier New"
    made.add_paragraph("What does ACID stand for?", style="List Number")
    made.add_paragraph("Four properties:")
    made.add_paragraph("Atomicity", style="List Bullet")
    made.add_paragraph("Consistency", style="List Bullet")
    made.add_heading("Networks", 1)
    made.add_paragraph("What is TCP?", style="List Number")
    paragraph = made.add_paragraph("A ")
    paragraph.add_run("reliable").bold = True
    paragraph.add_run(" protocol, a*b*c, with ")
    paragraph.add_run("ACK").font.name = "Consolas"
    paragraph.add_run(" and $5 or $6.")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("Flag", "Sense", "SYN", "a|b"), strict=True):
        cell.text = text
    made.save(str(HERE / "styles.docx"))


def bold_docx() -> None:
    """One style for everything: a large title, bold questions with typed numbers."""
    made = docx.Document()
    made.add_paragraph().add_run("My notes").font.size = Pt(20)
    for number, (question, answer) in enumerate(
        (("What is Kafka?", "A log."), ("Explain partitions", "Units of work.\nSecond line"), ("Why replicas?", "TBD")),
        1,
    ):
        made.add_paragraph().add_run(f"{number}. {question}").bold = True
        made.add_paragraph(answer)
    made.save(str(HERE / "bold.docx"))


def headings_docx() -> None:
    """Questions as headings under section headings, answers with labels."""
    made = docx.Document()
    for section in ("Storage", "Compute"):
        made.add_heading(section, 1)
        for number in (1, 2):
            made.add_heading(f"What is {section.lower()} fact {number}?", 2)
            made.add_paragraph(f"Answer: It is fact {number}.")
    made.save(str(HERE / "headings.docx"))


def table_docx() -> None:
    """A table of questions and answers."""
    made = docx.Document()
    table = made.add_table(rows=1, cols=3)
    for cell, text in zip(table.rows[0].cells, ("No.", "Question", "Answer"), strict=True):
        cell.text = text
    for number in (1, 2, 3):
        row = (str(number), f"What is thing {number}?", f"It is {number}")
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.save(str(HERE / "table.docx"))


def _edges(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(60, 810, "Interview handbook")
    canvas.drawCentredString(300, 20, f"Page {document.page} of 4")


def headings_pdf() -> None:
    """A book of headings: running header and footer, wrapped questions, lists, code, bold, answers over pages."""
    styles = getSampleStyleSheet()
    story: list[Any] = [Paragraph("Data engineering questions", styles["Title"])]
    number = 0
    for section in ("Storage", "Streaming"):
        story.append(Paragraph(section, styles["Heading1"]))
        for _ in range(4):
            number += 1
            asked = f"{number}. What is concept {number} of the {section.lower()} layer for, and when would you rather do without?"
            story += [
                Paragraph(asked, styles["Heading2"]),
                Paragraph(
                    LONG * 3 + f"Mind <b>point {number}</b> &amp; <font name='Courier'>df.write()</font>.",
                    styles["BodyText"],
                ),
                ListFlowable(
                    [ListItem(Paragraph(text, styles["BodyText"])) for text in (LONG, "Short.")], bulletType="bullet"
                ),
                Preformatted("def f(x):\n    if x:\n        return 1\n\n    return 2", styles["Code"]),
            ]
    SimpleDocTemplate(str(HERE / "headings.pdf"), pagesize=A4, invariant=1).build(
        story, onFirstPage=_edges, onLaterPages=_edges
    )


def labels_pdf() -> None:
    """One size for everything: bold ``Q1:``, ``Answer:`` right below, wrapped lines."""
    styles = getSampleStyleSheet()
    story: list[Any] = []
    for number in range(1, 13):
        asked = (
            f"Q{number}: How would you explain idea {number} to a colleague who has not met it before in any project?"
        )
        story += [
            Paragraph(f"<b>{asked}</b>", styles["Normal"]),
            Paragraph(f"<b>Answer:</b> {LONG * 2}", styles["Normal"]),
            Spacer(1, 8),
        ]
    SimpleDocTemplate(str(HERE / "labels.pdf"), pagesize=A4, invariant=1).build(story)


def plain_pdf() -> None:
    """No bold, one size, the answer right below its numbered question."""
    made = FPDF()
    made.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    made.add_page()
    made.set_font("Helvetica", size=11)
    for number in range(1, 21):
        made.multi_cell(0, 5, f"{number}. What does rule {number} say?\n{LONG * 2}\n\n", new_x="LMARGIN", new_y="NEXT")
    made.output(str(HERE / "plain.pdf"))


if __name__ == "__main__":
    for make in (styled_docx, bold_docx, headings_docx, table_docx, headings_pdf, labels_pdf, plain_pdf):
        make()
