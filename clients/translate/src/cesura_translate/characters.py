"""What XML 1.0 can hold of a text."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xml_text(text: str) -> str:
    """The text with a space for each character that XML 1.0 cannot hold.

    >>> as_xml_text("a\\x01b")
    'a b'
    """
    return _FORBIDDEN.sub(" ", text)
