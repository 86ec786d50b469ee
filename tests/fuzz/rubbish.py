"""Values of every shape that JSON, HTTP and people can carry, the nasty ones included."""

import json

from hypothesis import strategies as st

NASTY = st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "％00",
        "[手机号1]",
        "/affirm",
        "‮",
        "9" * 400,
        "１３８００１３８０００",
        "-0",
        "NaN",
        "'; --",
        "{}",
        "${7*7}",
    ]
)
"""What has broken parsers before: NUL, half a surrogate pair, a placeholder, a command, a very long number …"""
TEXT = st.one_of(st.text(max_size=60), NASTY)
NUMBER = st.one_of(st.integers(), st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**400]), st.floats())
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
DEEP = st.sampled_from(["[" * 3000, '{"a":' * 3000, "[" * 3000 + "]" * 3000])
"""Deeper than a parser that calls itself can go."""
BODY = st.one_of(
    st.binary(max_size=100), VALUE.map(lambda value: json.dumps(value).encode()), DEEP.map(lambda text: text.encode())
)
"""The bytes of a request that should have been JSON."""


def record(*names: str) -> st.SearchStrategy[dict[str, object]]:
    """An object with some of these fields, of any type."""
    return st.dictionaries(st.sampled_from(names), VALUE)
