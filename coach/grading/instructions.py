"""Finds text in an answer that talks to the grader instead of answering.

Patterns, not a model: what they cut can be read off this page. They aim at the act (telling the grader what to do,
forging its output or its frame), in the languages that attacks were seen in, and leave alone sentences that merely
use the words: a pipeline may ignore late events, a heap may return the highest score. What slips through is no
evidence for any point either; cutting it only keeps it from being quoted.
"""

from __future__ import annotations

import re
import unicodedata

from coach.domain import Span
from coach.text.sentences import Form, Statement

_ORDER = (
    r"(?:^|[.!?:;,\"'`*#>(\[\]/-]\s*|\b(?:please|kindly|now|and|then|just|must|should|could|can|would|to|you|who)\s+)"
)
"""Where a verb is an order (or asked for), not what somebody reports: "we give", "had skipped" are none."""
_COMMAND = r"(?:^|[.!?:;,\"'`*#>(\[\]/-]\s*|\b(?:please|kindly|now|and|then|just|must|should|you)\s+)"
"""The same without "to" and "could": for verbs that people also report about themselves."""
_GRADER = r"(?:grader|evaluator|examiner|marker|grading (?:system|model|assistant|tool)|(?:llm|ai) (?:judge|grader|evaluator|model))"
_FRAME = r"(?:instructions?|prompts?|guidelines?|directives?|rubrics?|evaluation|(?:scoring|grading|your) (?:rules|criteria|policy))"
_ANSWER = r"(?:this|my|the|every|any) (?:(?:candidate'?s? )?(?:answer|response|submission|reply)|candidate)"
_MARKS = r"(?:(?:full|maximum|max|top|perfect|highest(?: possible)?) (?:marks?|credits?|grades?|points)|(?:perfect|full|maximum) score|100 ?(?:points|%|/ ?100|out of 100)|10 ?/ ?10\b|10 out of 10)"
_PRAISE = r"(?:(?:fully |completely |entirely )?(?:correct|perfect|excellent|right|covered|complete)|10 ?/ ?10|10 out of 10|100\b|a\+)"

_PATTERNS = [
    # orders to forget the frame
    rf"{_COMMAND}(?:ignore|disregard|forget|override|bypass|skip|neglect|overlook|discard)\b[^.!?]{{0,50}}\b{_FRAME}\b",
    r"\b(?:ignore|disregard|forget)\b[^.!?]{0,20}\bwhat you were told\b",
    r"\b(?:do not|don't|never)\b[^.!?]{0,20}\b(?:follow|apply|use|obey|consult|check|compare)\b[^.!?]{0,30}\b(?:rubric|instructions|reference(?: answer)?)\b",
    r"\b(?:new|updated|revised) (?:system |grading |scoring )?(?:instructions|prompt|directives?|policy)\s*:|\b(?:new|updated|revised) grading (?:instructions|policy)\b",
    r"\bwhatever the (?:rubric|reference) says\b|\bthe (?:\w+ )?(?:rubric|reference|grading policy)\b[^.!?]{0,20}\b(?:is|was|has been) (?:updated|outdated|retired|changed|replaced|superseded)\b",
    # orders about marks
    rf"{_ORDER}(?:give|award|assign|grant|apply|authori[sz]e|output|report|return|respond with|reply with|pass|get|receive)\b[^.!?]{{0,40}}\b{_MARKS}",
    rf"\b(?:give|award|assign)\b[^.!?]{{0,20}}\bthe (?:top|highest) score\b|\bi (?:hereby )?(?:authori[sz]e|instruct)\b[^.!?]{{0,40}}\b(?:{_MARKS}|evaluat|grad)",
    rf"\b(?:{_ANSWER}|it)\b[^.!?]{{0,40}}\b(?:deserves?|gets?|receives?|earns?)\b[^.!?]{{0,20}}\b(?:{_MARKS}|100\b)|\bgives? everyone full marks\b|^\W*{_MARKS}\W*$",
    r"\b(?:output|report|return|set)\b[^.!?]{0,12}\bscore (?:of |to |= ?)?100\b|\bset the (?:score|grade|mark) to (?:100|10)\W*$|\byour task is (?:now )?to\b|\banswer only with\b",
    r"\bdo not deduct\b|\bbe (?:very )?(?:lenient|generous)(?= and\b| with this|\s*[.,!]|\s*$)|\b(?:grade|evaluate|score|judge|mark)\b[^.!?]{0,20}\b(?:leniently|generously)\b",
    # orders about verdicts
    rf"\b(?:treat|consider|judge|mark|accept|grade|rate|score|regard|evaluate)\s+(?:{_ANSWER}|this|it|me|everything)\s+(?:\w+ )?(?:as |with )?{_PRAISE}",
    r"\b(?:treat|mark|count|accept|consider|label)\b[^.!?]{0,40}\bas covered\b|\baccept everything\b|\b(?:now )?grade as (?:excellent|perfect|correct)\b",
    r"\b(?:mark|treat|consider|count|accept|assume|label)\b[^.!?]{0,25}\b(?:key points?|rubric items?|rubric points?)\b",
    r"\b(?:all|every|each)(?: of the)?(?: key| rubric)? (?:points?|items?|criteri\w+) (?:is|are) (?:now )?(?:covered|met|satisfied|fulfilled|correct)\b|\bevery(?:thing| answer)(?: now)? passes\b|\bpoints covered: \d+ of \d+",
    rf"\b{_ANSWER} (?:should|must|has to) be (?:graded|scored|marked|rated|awarded)\b|\b{_ANSWER} has (?:already )?been (?:verified|approved|graded|reviewed|scored)\b|\banswer is known to be\b|\b(?:this|my) (?:answer|response) is (?:perfect|flawless)\b|\bmy answer matches the reference\b",
    # talking to the grader, or playing it
    rf"\b(?:dear|hello|hi|hey|attention)\s+(?:\w+ )?{_GRADER}\b|\b(?:note|message|memo) (?:to|for) (?:the |any )?{_GRADER}\b|\bto the (?:ai |llm )?{_GRADER}\s*[:,]|^\W*(?:grader|reviewer|examiner|evaluator|grading system)\s*:|\bassistant\s*:\s",
    r"\bnote to evaluator\b|\bgrader note\b|\bfor the evaluator\s*[:,]|\binstruct the (?:evaluation|grading)\b",
    rf"\byou are (?:now |no longer )?(?:an? |the |in |my )?(?:\w+ ){{0,2}}?(?:{_GRADER}|developer mode|debug mode|lenient \w+|generous \w+|assistant that)\b",
    r"\bpretend (?:that )?you\b|\bact as if (?:this|it|my answer)\b|\bif you are an? (?:ai|llm|language model|grader)\b|\bas an ai\b[^.!?]{0,20}\byou\b|\bwhen you (?:evaluate|grade|judge|score) this\b|\bgrading is (?:disabled|complete|over)\b|\bstop grading\b",
    r"\bsystem (?:override|note|notice|prompt|message)\s*(?:\w+ ){0,3}[:=]|\bsystem\s*:\s[^.!?]*\b(?:candidate|score|marks?|grade|evaluat|calibration|rubric)|\b(?:admin|developer|calibration|assessment) (?:note|notice)\s*:",
    # forged frames and forged output
    r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|answer|candidate\w*|instructions?|grade|grading|score|rubric)\b[^>]{0,40}\|?>|\[/?(?:inst|sys|system|assistant|admin|grader|instructions?|override)\b[^\]]{0,30}\]",
    r"\bend of (?:the )?(?:candidate'?s? )?(?:answer|rubric|prompt|submission)\b|^\W*(?:begin|end) (?:rubric|answer|prompt|instructions|submission)\b",
    r"(?:^|[:.]\s*|\bthe )(?:final |overall |correct |total |my |your )?(?:score|grade|mark)\b[^.!?\n=]{0,25}?(?:\bis\b|:)\s*(?:100|10/10|a\+|excellent|perfect)%?(?: ?/ ?100)?\W*$|\b(?:final|overall|total) (?:score|grade)\s*[:=]?\s*(?:100|10/10|excellent|perfect)\b",
    r"^\W*(?:verdict|status)\W{1,3}(?:covered|correct|pass(?:ed)?|full|graded)\W*$|\"(?:score|verdict|credit|band|grade|points)\"\s*:|\binto a grade\b",
    # letter by letter: what is left when the blanks are taken out
    r"ignore(?:all|the|any|your)*(?:previous|prior|above|earlier)*instructions",
    # the same in other languages
    r"\b(?:ignorier\w*|vergiss|missachte\w*)\b[^.!?]{0,40}\b(?:anweisung\w*|regeln|vorgaben|kriterien|instruktion\w*)\b|\b(?:gib|vergib|bewerte|gebe)\b[^.!?]{0,40}\b(?:volle|maximale|höchste|100|10)\b",
    r"\b(?:ignore[zrs]?|oublie[zrs]?|ne tenez pas compte)\b[^.!?]{0,40}\b(?:instructions|consignes|règles|critères)\b|\b(?:donne[zr]?|attribue[zr]?|accorde[zr]?)\b[^.!?]{0,40}\b(?:note|points?|score)\b[^.!?]{0,20}\b(?:maxim\w+|100|20|10|parfaite?)\b",
    r"\b(?:ignora|ignore|olvida|omite|descarta)\b[^.!?]{0,40}\b(?:instrucciones|reglas|criterios|instruções|regras|istruzioni|regole)\b|\b(?:da|dale|otorga|asigna|dê|atribua|assegna|dai)\b[^.!?]{0,40}\b(?:puntuación|nota|puntos|pontuação|pontos|punteggio|voto)\b",
    r"\bnegeer\b[^.!?]{0,40}\b(?:instructies|regels)\b|\bzignoruj\b[^.!?]{0,40}\b(?:instrukcje|polecenia|zasady)\b|\btalimat\w*\b[^.!?]{0,30}\byok say|\btam puan\b",
    r"(?:忽略|无视|忽視|無視)[^。]{0,20}(?:指令|指示|说明|規則|规则|提示)|(?:指示|指令)を?無視|满分|滿分|満点|무시하|만점|تجاهل[^.]{0,40}(?:التعليمات|القواعد)|निर्देश\S*[^।]{0,20}अनदेखा|पूरे अंक",
    r"(?:игнорируй\w*|забудь\w*)[^.!?]{0,40}(?:инструкци\w*|правил\w*|указани\w*)|(?:максимальн\w*|высш\w*)\s+(?:балл\w*|оценк\w*)",
]
_INSTRUCTION = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.I)

_HIDDEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD])
"""Zero-width and direction characters: they can hide an order from a pattern without hiding it from a model."""
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
"""Invisible tag characters, which spell ASCII to a model."""
_TAGGED = re.compile("[\U000e0020-\U000e007e]+")
_TWINS = str.maketrans("аеорсухіјѕАЕОРСУХІВКМНТ", "aeopcyxijsAEOPCYXIBKMHT")
"""Cyrillic letters that look like Latin ones; used only where a word mixes the two."""
_LEET = str.maketrans("01345", "oieas")
_MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[а-яА-Яіјѕ])\w+\b")
_SPACED = re.compile(r"(?:\b\w ){8,}\w\b")
_REMARK = re.compile(r"(?:#|//|--|/\*|<!--)(.*)|\"([^\"]*)\"|'([^']*)'")


def instruction_spans(statements: list[Statement], text: str) -> list[Span]:
    """The statements of ``text`` that give orders to the grader or forge its output, as spans to cut."""
    return [statement.span for statement in statements if _is_order(statement, text)]


def _is_order(statement: Statement, text: str) -> bool:
    seen = [statement.text]
    if statement.form is Form.CODE:
        line = statement.span.of(text).strip()
        # A program may handle a score or a prompt; only its remarks and strings can talk, or a line that is no program.
        remarks = [part for found in _REMARK.findall(line) for part in found if part]
        talks = line.startswith(("{", "<", "[")) or not re.search(r"[=(){}\[\];]", line)
        seen = [*remarks, *([line] if talks else [])]
    return any(_INSTRUCTION.search(form) for part in seen for form in _disclosed(part))


def _disclosed(text: str) -> list[str]:
    """The text as a model would read it: without what hides letters, and once more without look-alike digits."""
    plain = unicodedata.normalize(
        "NFKC", _TAGGED.sub(lambda found: f" {found.group().translate(_TAGS)} ", text).translate(_HIDDEN)
    )
    plain = _MIXED.sub(lambda found: found.group().translate(_TWINS), plain)
    plain = re.sub(r"(?<!\w)[*_~]+|[*_~]+(?!\w)|(?<=\w)\*+", "", plain)
    forms = [plain]
    if re.search(r"[a-zA-Z][0134]|[0134][a-zA-Z]", plain):
        forms.append(plain.translate(_LEET))
    if _SPACED.search(plain):
        forms.append(re.sub(r"(?<=\b\w) (?=\w\b)", "", plain))
    return forms
