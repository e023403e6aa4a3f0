"""How questions open or end in languages other than English."""

from __future__ import annotations

import re

_OPENS = re.compile(
    r"(?:¿"
    # Spanish, Portuguese, Italian
    r"|(?:qué|cómo|cuál(?:es)?|cuándo|dónde|quién(?:es)?|cuánt[oa]s?|por qué|para qué|en qué|o que|que é|qual|quais|quando|onde"
    r"|quem|quant[oa]s?|por que|por quê|como (?:funciona|se|você|fazer|é)|cosa|cos['’]è|che cos['’]è|come (?:si|funziona)|perché|quali|quale"
    r"|chi|dove)\b"
    # French
    r"|(?:qu['’]est[- ]ce|quel(?:le)?s?|comment|pourquoi|quand|où|combien|à quoi|en quoi|qui|c['’]est quoi|que (?:fait|signifie|sont|est))\b"
    # German, Dutch, Scandinavian
    r"|(?:was|wie|warum|wieso|weshalb|welche[rsnm]?|wann|wo|wer|wozu|wodurch|worin|woran|womit|in welche[rmn]|wat|hoe|waarom|welke|wanneer"
    r"|hva|hvad|hvordan|hvorfor|hvilke[nt]?|vad|hur|varför|vilke[nt]|vilka)\b"
    # Russian, Ukrainian, Polish, Czech
    r"|(?:что|как|какой|какая|какое|какие|каков[аы]?|почему|зачем|когда|где|кто|чем|чему|сколько|в чем|в чём|для чего|каким"
    r"|що|як|який|яка|які|чому|навіщо|коли|де|co|jak|jaki[e]?|jaka|dlaczego|kiedy|gdzie|kto|czym|czy|ile|jaké|jaký|jaká|proč|kdy|kde)\b(?!-)"
    # Turkish, Indonesian, Vietnamese
    r"|(?:neden|niçin|nasıl|hangi|ne zaman|apa|apakah|bagaimana|mengapa|kapan|siapa|sebutkan|tại sao|vì sao|như thế nào|làm thế nào)\b)",
    re.IGNORECASE,
)
_TASKS = re.compile(
    r"(?:(?:por favor,? )?(?:explica|explique|describe|describa|descreva|define|defina|compara|compare|enumera|enumere|cite|nombra|menciona"
    r"|cuéntame|háblame|fale|conte|diferencia|diferencias|diferença|diferenças|spiega|descrivi|elenca|differenza|differenze)\b"
    r"|(?:expliquez|explique|décrivez|décris|définissez|définir|citez|comparez|donnez|différences?|présentez|parlez)\b"
    r"|(?:erkläre|erklären|beschreibe|beschreiben|nenne|nennen|definiere|definieren|vergleiche|vergleichen|unterschiede?|erläutere|erläutern"
    r"|leg uit|noem|beschrijf|verschil|förklara|beskriv|forklar)\b"
    r"|(?:объясните|объясни|опишите|опиши|расскажите|расскажи|назовите|назови|перечислите|перечисли|сравните|дайте|приведите|отличи[ея]"
    r"|разница|разницу|поясніть|опишіть|розкажіть|назвіть|wyjaśnij|opisz|wymień|podaj|porównaj|różnic[ae]|vysvětli|popiš)\b"
    r"|(?:jelaskan|perbedaan|trình bày|giải thích|so sánh|nêu|phân biệt)\b"
    r"|请|請|谈谈|談談|说说|说一下|說說|介绍|介紹|解释|解釋|解説|描述|简述|簡述|列举|列舉|比较|比較|如何|怎么|怎麼|怎样|为什么|為什麼|为何|什么|什麼|哪些|哪个|なぜ|どう|どの)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:[?？؟;]|吗|嗎|呢|什么|什麼|哪些|怎么办|怎么做|区别|區別|不同|異同|异同|差异|原理|ですか|ますか|とは|でしょうか|인가|인가요|입니까|습니까|하시오|하세요"
    r"|(?:\b(?:nedir|nelerdir|nasıl|midir|mıdır|mudur|müdür|ne demektir|farkı nedir|açıklayın(?:ız)?|anlatın(?:ız)?|yazınız|là gì|như thế nào"
    r"|thế nào|là sao|ra sao)))[。.!！:：]?$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    "什么|什麼|哪些|怎么|怎麼|如何|为什么|為什麼|区别|區別|是否|有何|なぜ|どの|무엇|어떻게|왜|차이|설명"
)


def opens(text: str) -> bool:
    """Whether a plain line opens or ends like a question in some language that has its own words or marks for that."""
    return _OPENS.match(text) is not None or (not text.isascii() and _asks(text))


def _asks(text: str) -> bool:
    short = text[-40:].rstrip("\"'”’»)*_ ")
    return (_ENDS.search(short) is not None and not short.endswith(";")) or (
        len(text) < 80 and _ASKED.search(text) is not None and not text.endswith(("。", "."))
    )


def sets_task(text: str) -> bool:
    """Whether a plain line tells somebody to explain or to name something."""
    return _TASKS.match(text) is not None
