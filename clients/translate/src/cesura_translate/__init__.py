"""Translates documents segment by segment, and puts the translation back in place.

The command is `cesura-translate`. For programs, a `Translator` takes the segments of one document from
the service, has an `Engine` translate them, and gives a `Bitext`:

    engine = open_engine("apertium")
    with cesura.Client(channel_options=CHANNEL_OPTIONS) as client, Journal(None) as journal:
        translator = Translator(engine, LanguagePair("it", "es"), journal, Deadline(None))
        options = segmentation_options("it", engine.mask_template)
        bitext = translator.translate(lambda timeout: client.segment_file(path, options=options, timeout=timeout))
"""

from cesura_translate.bitext import Bitext, Origin, SourceSegment, TranslatedSegment
from cesura_translate.deadline import Deadline, DeadlinePassed
from cesura_translate.engines import (
    Engine,
    EngineAnswerError,
    EngineError,
    EngineLimits,
    EngineUnavailable,
    LanguagePair,
    find_pair,
    open_engine,
)
from cesura_translate.journal import Journal, JournalError
from cesura_translate.problems import Problem
from cesura_translate.run import segmentation_options
from cesura_translate.tmx import tmx_of
from cesura_translate.translation import (
    CHANNEL_OPTIONS,
    ServiceStalled,
    TranslationProgress,
    TranslationSettings,
    Translator,
)
from cesura_translate.xliff import with_targets

__version__ = "0.1.0"

__all__ = [
    "CHANNEL_OPTIONS",
    "Bitext",
    "Deadline",
    "DeadlinePassed",
    "Engine",
    "EngineAnswerError",
    "EngineError",
    "EngineLimits",
    "EngineUnavailable",
    "Journal",
    "JournalError",
    "LanguagePair",
    "Origin",
    "Problem",
    "ServiceStalled",
    "SourceSegment",
    "TranslatedSegment",
    "TranslationProgress",
    "TranslationSettings",
    "Translator",
    "find_pair",
    "open_engine",
    "segmentation_options",
    "tmx_of",
    "with_targets",
]
