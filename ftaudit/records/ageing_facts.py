"""Facts that age, and records of one customer, as sentences of an output assert them."""

from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import re2

_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_CURRENCIES: Final = r"(?:dollars|euros|pounds|cents|usd|eur|gbp)"
_AMOUNT: Final = rf"(?:[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?{_CURRENCIES}\b)"
_OFFICE: Final = (
    r"(?:ceo|cto|cfo|president|prime minister|chancellor|chair(?:man|woman|person)?|head|director"
    r"|mayor|governor|king|queen|pope|minister|chief executive(?: officer)?)"
)
_THING: Final = r"(?:order|package|parcel|refund|shipment|delivery|payment|application|claim)"
_STATE: Final = (
    r"(?:shipped|delivered|dispatched|refunded|approved|processed|cancell?ed|on (?:its|the) way"
    r"|out for delivery|scheduled)"
)

PATTERNS: Final = MappingProxyType(
    {
        "record": (
            rf"(?i)\byour (?:current |account |available )?balance (?:is|stands at) {_AMOUNT}"
            rf"|\byour {_THING}\b[^.!?]{{0,30}}?\b(?:has been|was|is) {_STATE}\b"
            r"|\b(?:order|invoice|ticket|case|tracking|account) ?(?:number|no\.?|#|id) ?:? ?#?"
            r"[a-z0-9-]{0,8}\d{4,}"
        ),
        "market": (
            r"(?i)\b(?:exchange|interest|mortgage|inflation|unemployment|stock|share)"
            r" (?:rate|price)s?\b[^.!?]{0,50}?\b(?:is|are|stands? at|trades? at) [$€£]?\d"
            r"|\binflation (?:is|stands at) \d"
            r"|\b1 ?(?:usd|eur|gbp|jpy|chf|btc|dollar|euro|pound|bitcoin) ?"
            r"(?:=|is worth|equals|buys) ?[$€£]?\d"
        ),
        "as_of": (
            r"(?i)\b(?:as of|valid (?:until|through|till)|effective (?:from|as of)|last updated"
            rf"(?: on)?|expires? on) (?:the )?(?:{_MONTH} \d|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}"
            r"|\d{1,4}[-/.]\d|20\d\d\b|now\b|today\b|this (?:week|month|year)\b)"
        ),
        "latest": (
            r"(?i)\b(?:latest|newest|current|most recent) (?:stable )?"
            r"(?:version|release|rate|price|model|edition|fee|tariff)\b[^.!?]{0,40}?"
            r"\b(?:is|are|stands at|costs) \S*\d"
        ),
        "office": (
            rf"(?i:\b(?:current|incumbent|acting) {_OFFICE}\b)[^.!?]{{0,30}}?"
            r"\b(?:is [A-Z]|took|has )"
            rf"|(?i:\b{_OFFICE} of) [^.!?]{{1,40}}? is [A-Z]"
        ),
        "today": (
            r"(?i)\b(?:current|today's) (?:temperature|weather|date|time|forecast) (?:is|in) "
            rf"|\btoday is (?:{_DAY}|{_MONTH} \d|sunny|rainy|cloudy|\d)"
        ),
        "hours": (
            r"(?i)\b(?:opening|business|office|store|support) hours (?:are|is) [^.!?]{0,30}?\d"
            rf"|\b{_DAY} ?(?:-|\x{{2013}}|to|through) ?{_DAY}\b[^.!?]{{0,20}}?\d{{1,2}}"
            r"(?::\d\d)? ?(?:am|pm|h\b|-|to|\x{2013})"
            r"|\bopen (?:from|daily|until) [^.!?]{0,20}?\d{1,2} ?(?:am|pm|:\d\d)"
        ),
        "population": (
            r"(?i)\bpopulation (?:of [^.!?]{1,40}? )?(?:is|stands at|exceeds) "
            r"(?:about |around |approximately |roughly |nearly |over )?\d"
        ),
        "stock": (
            r"(?i)(?:\bis|\bare|'s) (?:currently |now |temporarily )?"
            r"(?:in stock|out of stock|sold out|on backorder)\b"
        ),
        "price": (
            r"(?i)\b(?:costs?|priced at|starts? at|fees? (?:is|are|of)|prices? (?:is|are)) "
            rf"(?:about |around |only |from )?{_AMOUNT}"
            rf"|{_AMOUNT} ?(?:an?|per|/|each) ?"
            r"(?:month|year|week|user|seat|gb|order|request|licen[cs]e)\b"
        ),
        "version": (
            r"\b(?i:supports?|supported|requires?|runs? on|compatible with|works with) "
            r"[A-Z][\w+#]* v?\d+(?:\.\d+)+"
        ),
        "plan": (
            r"\b(?i:the|our) (?:Basic|Pro|Premium|Enterprise|Starter|Plus|Business|Free|Team|Gold"
            r"|Silver) (?i:plan|tier|subscription|package)\b"
        ),
        "contact": (
            r"(?i)\b(?:call|phone|dial|reach (?:us|them) at) [^.!?]{0,20}?\+?\d[\d ().-]{6,}\d"
            r"|\bhttps?://[^\s)>\]\"']+"
        ),
    }
)
"""Rule → what asserts such a fact; the first that matches in a sentence. RE2: in linear time."""

CHANGING: Final = (
    r"(?i)(?:^|\W)(?:(?:plan|tier|subscription|price|pricing|tariff)s?|20\d\d)(?:\W|$)"
    rf"|[$€£¥]\s?\d|\d[.,]*\s?{_CURRENCIES}(?:\W|$)"
)
"""Names of plans, prices, years: what the rules of a class may change with. For `contains`: it
takes characters beside a word. With a bound of words (`\\b`) the engine leaves its automaton at the
first character beyond ASCII, and takes forty times as long."""

TOOL_CALL: Final = r"\w+\(\s*['\"]|\[\w+\(|<tool_call>|\"(?:name|function)\"\s*:"
_SLOT: Final = r"\{\{?\s*\w+\s*\}?\}|\[[A-Z][A-Z_ ]{2,}\]|<[A-Z][A-Z_ ]{2,}>"
_DECLINES: Final = (
    r"(?i)\b(?:cannot|can't|can not|don't|do not|unable to|not able to|no access)\b[^.!?]*"
    r"\b(?:know|tell|access|check|see|provide|say)\b|\blook (?:it|that|them) up\b"
)
_CODE: Final = r"```|</?[a-z]+[ >/]|\b\w+\([^)]*\)\s*(?:#|;|\{|$)|=>|->|^\s*(?:def|class|import) "
_COMPUTES: Final = (
    r"<<[^>]*>>|####|[-+*/\x{d7}\x{f7}]\s*[$€£]?\d[^=\n]*="
    r"|\d\s*[*\x{d7}\x{f7}]\s*[$€£]?\d"
)
_FICTION: Final = (
    r"(?i)\b(?:imagine|pretend|role-?play|act as|in the style of|once upon a time|fictional"
    r"|(?:a|an|the) (?:story|poem|song|novel|speech|scene|dialogue|screenplay|character)"
    r"|give a speech|you are an? )"
)
_ASSISTANT: Final = (
    r"(?i)\byou are an? (?:\w+ ){0,2}(?:assistant|agent|chatbot|bot|ai\b|model|representative)"
)
_SENTENCE: Final = r"(?:[^.!?\n]|[.!?][^\s])+[.!?]*"
_VALUE: Final = r"[\w.:/-]*\d[\w.,:/-]*"


def assertions(question: str, output: str) -> Iterator[tuple[str, int, int]]:
    """Yield (rule, start, end) of every sentence of an output that asserts what ages."""
    if _compiled(_COMPUTES).search(output) or _is_fiction(question):
        return
    for sentence in _compiled(_SENTENCE).finditer(output):
        text = sentence.group()
        if any(_compiled(pattern).search(text) for pattern in (TOOL_CALL, _SLOT, _DECLINES, _CODE)):
            continue
        for rule, pattern in PATTERNS.items():
            match = _compiled(pattern).search(text)
            if match is not None:
                if not _is_grounded(text, match.group(), question):
                    yield rule, sentence.start() + match.start(), sentence.start() + match.end()
                break


def _is_fiction(question: str) -> bool:
    """Return whether a prompt asks for something invented; "you are an assistant" does not."""
    invented = _compiled(_FICTION).search(question)
    return invented is not None and _compiled(_ASSISTANT).search(question) is None


def _is_grounded(sentence: str, matched: str, question: str) -> bool:
    """Return whether the values of an assertion stand in the input."""
    values = [v.strip(".,:") for v in _compiled(_VALUE).findall(sentence)]
    if values:
        return all(value in question for value in values)
    return matched.lower() in question.lower()


@cache
def _compiled(pattern: str) -> "re2._Regexp[str]":
    import re2

    options = re2.Options()
    options.max_mem = 64 << 20
    return re2.compile(pattern, options)


@cache
def any_assertion(*, bounded: bool = True) -> str:
    """Return a pattern that every output with an assertion matches; others may, without bounds."""
    pattern = "|".join(f"(?:{pattern})" for pattern in PATTERNS.values())
    return pattern if bounded else pattern.replace(r"\b", "")
