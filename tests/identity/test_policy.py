import pytest

from bot.identity.errors import AssuranceRequiredError
from bot.identity.policy import REQUIRED_LEVEL, customer_of, require
from bot.identity.principal import Level, Principal


@pytest.mark.parametrize("operation", REQUIRED_LEVEL)
@pytest.mark.parametrize("level", Level)
def test_every_operation_at_every_level(operation: str, level: Level) -> None:
    who = Principal("c", None if level is Level.ANONYMOUS else "C1", level)
    if level >= REQUIRED_LEVEL[operation]:
        require(who, operation)
        return
    with pytest.raises(AssuranceRequiredError) as refused:
        require(who, operation)
    assert refused.value.required == REQUIRED_LEVEL[operation]


def test_an_unlisted_operation_is_never_allowed() -> None:
    with pytest.raises(KeyError):
        require(Principal("c", "C1", Level.STEPPED_UP), "money.give")


def test_own_data_needs_a_customer() -> None:
    assert customer_of(Principal("c", "C1", Level.BOUND), "points.read") == "C1"
    with pytest.raises(AssuranceRequiredError):
        customer_of(Principal("c"), "complaint.file")
