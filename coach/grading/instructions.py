"""Finds text in an answer that talks to the grader instead of answering.

Patterns, not a model: what they cut can be read off this page. They aim at the act (telling the grader what to do,
forging its output or its frame), in the languages that attacks were seen in, and leave alone sentences that merely
use the words (a pipeline may well ignore late events, a rubric may be a topic).
"""

from __future__ import annotations

import re

from coach.domain import Span
from coach.text.sentences import Form, Statement

_GRADER = r"(?:grader|grading|marker|evaluat\w+|examiner|assessor|judge|interviewer|reviewer|rubric|score|scoring|mark(?:s|ing)?|ai|assistant|model|llm|system)"
_ORDERS = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|criteria|rubrics?|context|messages?)"
_FULL = r"(?:full|maximum|max|top|highest|perfect|complete|excellent|best|100|10)"

_PATTERNS = [
    # orders to forget the frame
    rf"\b(?:ignore|disregard|forget|override|bypass|skip|discard|neglect)\b[^.!?\n]{{0,40}}\b(?:previous|prior|above|earlier|preceding|all|any|your|the|these|those|other|system)\b[^.!?\n]{{0,30}}\b{_ORDERS}\b",
    rf"\b(?:do not|don't|never)\b[^.!?\n]{{0,20}}\b(?:follow|apply|use|obey|consult|check|compare)\b[^.!?\n]{{0,30}}\b(?:{_ORDERS}|reference(?: answer)?)\b",
    rf"\b(?:new|updated|revised|real|actual|additional|special|hidden|secret|important|urgent)\b (?:system |grading |scoring )?(?:instructions?|prompts?|directives?)\b[^.!?\n]{{0,12}}(?::|\bfor (?:the |any )?{_GRADER}\b)",
    # orders about marks
    rf"\b(?:give|award|assign|grant|return|output|respond with|reply with|report|set|record|print|deserves?)\b[^.!?\n]{{0,50}}\b{_FULL}\b[^.!?\n]{{0,20}}\b(?:marks?|scores?|points?|grades?|credits?|ratings?|out of|/ ?10\b|/ ?100\b|%)",
    rf"\b(?:give|award|assign|set|rate|score|grade|mark)\b[^.!?\n]{{0,30}}\b(?:this|the|my|it|me)\b[^.!?\n]{{0,30}}\b(?:{_FULL}\b|as (?:fully )?(?:correct|covered|excellent|perfect|complete|strong))",
    r"\b(?:mark|treat|consider|count|flag|label|accept|classify|judge)\b[^.!?\n]{0,20}\b(?:every|each|all|any)(?: of)?(?: the)?(?: key| rubric)?\s+(?:points?|criteri\w+|items?|claims?)\b",
    r"\b(?:mark|treat|consider|count|label|accept|classify|judge|regard)\b[^.!?\n]{0,20}\b(?:this|my|the) (?:answer|response|submission|reply)\b[^.!?\n]{0,20}\bas\b",
    r"\b(?:the|this|my) (?:answer|response|submission|candidate)\b[^.!?\n]{0,40}\b(?:deserves|must (?:be|get|receive)|should (?:be (?:graded|scored|marked|rated|given|awarded)|get|receive)|has (?:already )?been (?:verified|graded|approved|reviewed|scored)|is (?:known to be|verified|certified|pre-?approved|guaranteed))\b",
    # talking to the grader, or playing it
    r"\b(?:dear|hello|hi|hey|attention|note to(?: the)?|message (?:to|for)(?: the)?|to the|as the|for the)\s+(?:ai |llm |automatic |automated )?(?:grader|marker|evaluator|examiner|grading (?:system|model|assistant))\b",
    r"\byou(?: are|'re|’re)(?: now)?\s+(?:an?|the|in|my|no longer)\s+(?:\w+ ){0,3}(?:grader|evaluator|assistant|ai|judge|model|examiner|developer mode|debug mode|test mode|teacher|professor)\b",
    r"\b(?:pretend|act|behave|respond|roleplay|role-play)\b[^.!?\n]{0,20}\b(?:as if|as though|as an?|that you|you are)\b[^.!?\n]{0,60}\b(?:grader|evaluator|examiner|judge|correct|perfect|approved|generous|lenient)\b",
    r"\b(?:system|developer|assistant|admin(?:istrator)?|root)\s*(?:prompt|message|override|note|notice|instruction)\b\s*[:=\]>-]",
    r"\b(?:end of|begin|start of|beginning of)\s+(?:the\s+)?(?:answer|candidate'?s? answer|prompt|rubric|system|instructions?|student|submission|data|context)\b",
    # forged frames and forged output
    r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|instructions?|grade|grading|result|score|rubric)\b[^>\n]{0,40}\|?>",
    r"\[/?(?:INST|SYS|SYSTEM|ASSISTANT|ADMIN|GRADER|INSTRUCTIONS?|OVERRIDE)[^\]\n]{0,30}\]",
    r"^\s*#*\s*(?:system|assistant|grader|grading|verdict|final (?:score|grade|verdict)|score|grade|evaluation|overall (?:score|grade))\s*[:=]\s*\S",
    r"\"?(?:score|verdict|credit|grade|band|status)\"?\s*[:=]\s*\"?(?:100|10|1\.0|full|covered|excellent|perfect|pass(?:ed)?|graded)\b",
    r"\b(?:score|grade|mark|rating)\s*(?:[:=]|is|of)\s*(?:100|10\s*/\s*10|100\s*/\s*100|100\s*%|a\+)",
    # the same in other languages
    r"\b(?:ignorier\w*|vergiss|missachte\w*)\b[^.!?\n]{0,40}\b(?:anweisung\w*|regeln|vorgaben|kriterien|instruktion\w*)\b",
    r"\b(?:gib|vergib|bewerte|gebe)\b[^.!?\n]{0,40}\b(?:volle|maximale|höchste|100|10)\b",
    r"\b(?:ignore[zrs]?|oublie[zrs]?|ne tenez pas compte)\b[^.!?\n]{0,40}\b(?:instructions|consignes|règles|critères)\b",
    r"\b(?:donne[zr]?|attribue[zr]?|accorde[zr]?)\b[^.!?\n]{0,40}\b(?:note|points?|score)\b[^.!?\n]{0,20}\b(?:maxim\w+|100|20|10|parfaite?)\b",
    r"\b(?:ignora|ignore|olvida|omite|descarta)\b[^.!?\n]{0,40}\b(?:instrucciones|reglas|criterios|instruções|regras|istruzioni|regole)\b",
    r"\b(?:da|dale|otorga|asigna|dê|atribua|assegna|dai)\b[^.!?\n]{0,40}\b(?:puntuación|nota|puntos|pontuação|pontos|punteggio|voto)\b",
    r"(?:忽略|无视|忽視|無視)[^。\n]{0,20}(?:指令|指示|说明|規則|规则|提示)|(?:满分|滿分|満点)",
    r"(?:игнорируй\w*|забудь\w*)[^.!?\n]{0,40}(?:инструкци\w*|правил\w*|указани\w*)|(?:максимальн\w*|высш\w*)\s+(?:балл\w*|оценк\w*)",
]
_INSTRUCTION = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.I | re.M)

_HIDDEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD])
"""Zero-width and direction characters: they can hide an order from a pattern without hiding it from a model."""


def instruction_spans(statements: list[Statement], text: str) -> list[Span]:
    """The statements of ``text`` that give orders to the grader or forge its output, as spans to cut."""
    found = []
    for statement in statements:
        seen = statement.text.translate(_HIDDEN)
        if _INSTRUCTION.search(seen) and not _is_program(statement, text):
            found.append(statement.span)
    return found


def _is_program(statement: Statement, text: str) -> bool:
    """Whether a line of code merely handles a score (``score = 100``) rather than forging one in a comment or a reply."""
    if statement.form is not Form.CODE:
        return False
    line = statement.span.of(text).lstrip()
    return not line.startswith(("#", "//", "--", "/*", "*", '"', "{", "'", "<"))
