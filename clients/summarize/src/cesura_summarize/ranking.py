"""Which sentences matter most: sumy, given our sentences and our words.

sumy's own tokenizer for Italian needs data of NLTK that no package brings, and cuts sentences itself.
Here it gets sentences that are cut already.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

METHODS: dict[str, Any] = {
    "lexrank": LexRankSummarizer,
    "textrank": TextRankSummarizer,
    "lsa": LsaSummarizer,
}
"""Methods by name."""

# An elided article is a word of its own: dell’imperialismo is about imperialism.
_WORD = re.compile(r"[^\W\d_]+|\d+")


class Words:
    """The tokenizer that sumy asks: words only, for sentences are cut already."""

    def to_words(self, text: str) -> tuple[str, ...]:
        """Words in small letters, elided articles apart."""
        return tuple(_WORD.findall(text.lower()))

    def to_sentences(self, text: str) -> tuple[str, ...]:
        """The text as it is."""
        return (text,)


WORDS = Words()
_stem = Stemmer("italian")
_stop_words = get_stop_words("italian")


def stems(text: str) -> frozenset[str]:
    """What a sentence is about: stems of its words, without those that say nothing."""
    return frozenset(_stem(word) for word in WORDS.to_words(text) if word not in _stop_words)


def rate(texts: Sequence[str], method: str = "lexrank") -> list[float]:
    """How much each sentence matters among the others: 1 for the one that matters most.

    Example::

        rate(["Putin incontra Kim.", "Kim incontra Putin a Mosca.", "Piove."])   # the last is least

    Raises:
        ValueError: there is no such method.
    """
    if method not in METHODS:
        raise ValueError(f"method is {method!r}; it must be one of {', '.join(METHODS)}")
    sentences = [Sentence(text, WORDS) for text in texts]
    if len(sentences) < 2:
        return [1.0] * len(sentences)
    summarizer = METHODS[method](_stem)
    summarizer.stop_words = _stop_words
    rated: dict[Sentence, float] = {}

    def keep(sentences: Any, count: Any, rating: Any, *args: Any, **named: Any) -> tuple[()]:
        # A call gives the best sentences without their ratings; here is where it has them.
        for place, sentence in enumerate(sentences):
            rated[sentence] = rating[sentence] if isinstance(rating, dict) else rating(sentence)
        return ()

    summarizer._get_best_sentences = keep
    # Sentences that have nothing in common, or two alone, make LexRank divide zero by zero, and LSA
    # warn that they are few.
    with numpy.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        summarizer(ObjectDocumentModel([Paragraph(sentences)]), len(sentences))
    best = max(rated.values(), default=0.0)
    if not best > 0 or any(math.isnan(one) for one in rated.values()):
        # Nothing in common anywhere: none matters more than another.
        return [1.0] * len(sentences)
    # Rounded, for sums of floating-point numbers hang on the order in which sets are walked.
    return [round(float(rated.get(sentence, 0.0) / best), 6) for sentence in sentences]
