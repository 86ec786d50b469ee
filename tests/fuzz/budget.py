"""How long fuzzing lasts: a fixed minute or so under `make test`, longer and at random under `make fuzz`."""

import os

from hypothesis import HealthCheck, Phase, settings

TIMES = int(os.environ.get("FUZZ_TIMES", "0"))
"""How many times as many examples as usual, then at random; 0 is the fixed set."""


def budget(examples: int, *, steps: int = 50) -> settings:
    """`examples` of a test, of at most `steps` steps each; the same ones every time unless FUZZ_TIMES is set."""
    return settings(
        max_examples=examples * max(1, TIMES),
        stateful_step_count=steps,
        derandomize=not TIMES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if TIMES else [])],
        suppress_health_check=list(HealthCheck),
    )
