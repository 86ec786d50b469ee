"""The two notations of WeChat's pushes and of the replies to them: XML, and JSON for accounts that chose it."""

import json
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels.wechat.errors import MalformedPushError

Fields = Mapping[str, Any]
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Notation(Enum):
    """How fields are written."""

    XML = "application/xml"
    JSON = "application/json"


def notation_of(text: str) -> Notation:
    """What `text` looks like."""
    return Notation.JSON if text.lstrip().startswith("{") else Notation.XML


def read(text: str) -> Fields:
    """The fields of a push, in either notation. Raises MalformedPushError; entities and DTDs are refused unread."""
    return _from_json(text) if notation_of(text) is Notation.JSON else _from_xml(text)


def write(fields: Fields, notation: Notation) -> str:
    """Fields as WeChat reads them: texts, whole numbers, mappings of such, and lists of mappings (`item` in XML)."""
    if notation is Notation.JSON:
        return json.dumps(fields, ensure_ascii=False)
    return f"<xml>{_elements(fields)}</xml>"


def _from_json(text: str) -> Fields:
    try:
        fields = json.loads(text)
        json.dumps(fields, ensure_ascii=False).encode()  # halves of surrogate pairs can be kept nowhere
    except (ValueError, RecursionError) as error:
        raise MalformedPushError("not JSON") from error
    assert isinstance(fields, dict)  # it begins with a brace
    return fields


def _from_xml(text: str) -> Fields:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise MalformedPushError(f"not XML: {type(error).__name__}") from error
    if root.tag != "xml":
        raise MalformedPushError("not an <xml> element")
    return {child.tag: child.text or "" for child in root}


def _elements(fields: Fields) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: Any) -> str:
    if isinstance(value, Mapping):
        return _elements(value)
    if isinstance(value, list):
        return "".join(f"<item>{_elements(item)}</item>" for item in value)
    if isinstance(value, int):
        return str(value)
    # `]]>` would end the section: its halves go into two.
    return f"<![CDATA[{_NOT_IN_XML.sub('', value).replace(']]>', ']]]]><![CDATA[>')}]]>"
