"""不用了谢谢: words that decline more than a plain no."""

import re

from actions.turn import Turn

_NOTHING_NEEDED = re.compile(
    "(那|还是|先|暂时|我|好的?|哦|嗯|算了?|[，,。！!~ ])*(不用|不要|不需要|不必|不麻烦|唔使|唔要|唔好|免|甭|莫|不)"
    "(了|啦|喇|咯|嘞|咧|[，,。！!~ ]|谢谢|多谢|谢了|唔该|吧|啊|哈|麻烦)+"
)


def needs_nothing(turn: Turn) -> bool:
    """Whether the customer declines what goes on, and does not merely answer no to a question."""
    declines = turn.intent in ("deny", "cancel", "thank") and not turn.is_payload
    return declines and _NOTHING_NEEDED.fullmatch(turn.text) is not None
