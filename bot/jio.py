"""jionlp (Chinese dates and amounts) without the advertisement it prints when it is imported."""

import contextlib
import io

with contextlib.redirect_stdout(io.StringIO()):
    import jionlp

__all__ = ["jionlp"]
