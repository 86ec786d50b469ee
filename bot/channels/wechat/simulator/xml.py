"""WeChat's XML: what it pushes to us, and what it reads from our answers."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

Fields = Mapping[str, str | int]


class MalformedReplyError(ValueError):
    """An answer that WeChat cannot show: the user sees that the account is out of service."""


def written(fields: Fields) -> str:
    """`<xml>` with one element per field, texts as CDATA, numbers bare."""
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def parsed(text: str) -> Element:
    """The `<xml>` element of an answer. Raises MalformedReplyError."""
    try:
        root: Element = fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise MalformedReplyError("not XML") from error
    if root.tag != "xml":
        raise MalformedReplyError("not an <xml> element")
    return root


def field(element: Element, path: str) -> str:
    """The text at `path`. Raises MalformedReplyError when there is no such element."""
    found = element.find(path)
    if found is None:
        raise MalformedReplyError(f"no {path}")
    return found.text or ""


def _element(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    inside = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{inside}]]></{name}>"
