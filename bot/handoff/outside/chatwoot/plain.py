"""Chatwoot's editor writes Markdown; customers read plain text."""

import re

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HIDDEN = re.compile("[\ue021-\ue07e]")
_SHIFT = 0xE000
"""Escaped characters stay out of the way in the private use area while marks are looked for."""
_BREAK = re.compile(r"\\$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]*)\]\((\S+?)\)")
_DOUBLE = re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
_SINGLE = re.compile(r"(?<![A-Za-z0-9*_])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![A-Za-z0-9*_])")


def plain(markdown: str) -> str:
    """The words, without marks and escapes; a link is its text and its address."""
    text = _BREAK.sub("", markdown)
    text = _ESCAPED.sub(lambda match: chr(_SHIFT + ord(match[1])), text)
    text = _LINK.sub(lambda link: link[2] if link[1] in ("", link[2]) else f"{link[1]} {link[2]}", text)
    text = _SINGLE.sub(r"\2", _DOUBLE.sub(r"\2", text))
    return _HIDDEN.sub(lambda match: chr(ord(match[0]) - _SHIFT), text).strip()
