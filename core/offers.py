"""Offers: the warning signs in an advertisement or chat, each with its words, and the signs of order. Never "safe"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.countries import find_country
from core.offer_signs import OfferSigns, Order, Sign, offer_signs
from core.offer_text import BREAK, COMMA, MONEY, OfferText, read_offer

_BACK = 4
"""Linking words between a negator and what it negates, at most."""
_WARNED = 12
"""Words after a warning within which a thing is what is warned of."""
_OR = frozenset({"atau", "maupun", "or", "nor"})
_PAY_WORDS = frozenset({"gaji"})
_PAY_AHEAD = 8
_QUOTE_CHARS = 160
_LONG_CHARS, _LINES = 60, 2
"""From this length on, a text with signs of either kind is taken for an offer."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sign that stands in an offer; `quote` is exactly what the offer says there."""

    sign: Sign
    quote: str


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """A sign of order that stands in an offer."""

    order: Order
    quote: str


@dataclass(frozen=True, slots=True)
class OfferCheck:
    """What was found in an offer, in the order of the list of signs. Nothing found does not make an offer a good one."""

    text: str
    signs: tuple[Found, ...]
    order: tuple[FoundOrder, ...]


def check_offer(text: str, known: OfferSigns | None = None) -> OfferCheck:
    """Search an offer.

    Args:
        text: An advertisement or chat, as pasted; at most 20,000 characters are read.
        known: The signs; the product's where not given.
    """
    known = known or offer_signs()
    offer = read_offer(text, known.lexicon)
    signs: list[Found] = []
    for sign in known.signs:
        quote = _too_much_pay(offer, known) if sign.reader else _first(offer, known, sign)
        if quote is not None:
            signs.append(Found(sign, quote))
    order: list[FoundOrder] = []
    for entry in known.order:
        span = next(_standing(offer, known, entry.patterns, entry.own_negation, warned=False), None)
        if span is not None:
            order.append(FoundOrder(entry, _quote(offer, *span)))
    return OfferCheck(text, tuple(signs), tuple(order))


def looks_like_offer(text: str, *, forwarded: bool = False) -> bool:
    """Whether a text is an offer rather than a question or an answer of a few words."""
    check = check_offer(text)
    long = len(text) >= _LONG_CHARS or text.strip().count("\n") >= _LINES
    if forwarded:
        return long or bool(check.signs) or bool(check.order)
    return long and (bool(check.signs) or bool(check.order)) and not text.rstrip().endswith("?")


def _first(offer: OfferText, known: OfferSigns, sign: Sign) -> str | None:
    assert sign.patterns is not None
    if sign.with_ is not None and next(_standing(offer, known, sign.with_, False), None) is None:
        return None
    span = next(_standing(offer, known, sign.patterns, sign.own_negation), None)
    return None if span is None else _quote(offer, *span)


def _standing(
    offer: OfferText, known: OfferSigns, pattern: re.Pattern[str], own_negation: bool, *, warned: bool = True
) -> Iterator[tuple[int, int]]:
    """First and last token of each place where a pattern is said, neither denied nor warned of."""
    for match in pattern.finditer(offer.line):
        first = offer.starts.index(match.start())
        last = first + match[0].count(" ") - 1
        if not own_negation and (
            _negated(offer, known, first) or known.refusers.match(offer.line, match.end())
        ):
            continue
        if warned and _is_warned_of(offer, known, first):
            continue
        yield first, last


def _negated(offer: OfferText, known: OfferSigns, first: int) -> bool:
    """Whether a negator stands before a token, at most linking words between ("tidak ada", "bukan pakai")."""
    if offer.tokens[first].word in known.negators:
        return False  # the pattern itself begins with it
    for steps in range(1, _BACK + 1):
        at = first - steps
        word = offer.tokens[at].word if at >= 0 else BREAK
        if word in known.negators:
            return True
        if word in _OR:  # "bukan visa turis atau ziarah"
            earlier = [token.word for token in offer.tokens[max(0, at - 4) : at]]
            return any(w in known.negators for w in earlier) and not {BREAK, COMMA} & set(earlier)
        if word not in known.links:
            return False
    return False


def _is_warned_of(offer: OfferText, known: OfferSigns, first: int) -> bool:
    start = first
    while start > 0 and offer.tokens[start - 1].word != BREAK and first - start < _WARNED:
        start -= 1
    begin = offer.starts[start] - 1
    return known.warners.search(offer.line, begin, offer.starts[first]) is not None


def _quote(offer: OfferText, first: int, last: int) -> str:
    return offer.text[offer.tokens[first].start : offer.tokens[last].end][:_QUOTE_CHARS]


def _too_much_pay(offer: OfferText, known: OfferSigns) -> str | None:
    """A monthly wage over `pay.factor` times the reference of the country, for a job that needs no trade."""
    pay = known.pay
    reference = pay.reference.get(find_country(offer.text) or "")
    if reference is None or pay.jobs.search(offer.line) is None:
        return None
    limit = reference[0] * pay.idr[reference[1]] * pay.factor
    for at, token in enumerate(offer.tokens):
        if token.word not in _PAY_WORDS:
            continue
        for far in range(at + 1, min(at + 1 + _PAY_AHEAD, len(offer.tokens))):
            amount = offer.tokens[far]
            if amount.word == BREAK:
                break
            if amount.word == MONEY and amount.amount * pay.idr.get(amount.currency, 0) > limit:
                return _quote(offer, at, far)
    return None
