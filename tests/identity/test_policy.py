"""The table: every operation for every kind of principal, at every level and age of the step-up."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.identity.errors import AssuranceRequiredError, WrongPrincipalError
from bot.identity.policy import LONGEST_STEP_UP_S, POLICY, customer_of, permit, require
from bot.identity.principal import SYSTEM, Level, Principal, StaffPrincipal

NOW = datetime(2026, 11, 23, 4, tzinfo=timezone.utc)
OF_CUSTOMERS = [name for name, rule in POLICY.items() if rule.by is Principal]
OF_OTHERS = [name for name in POLICY if name not in OF_CUSTOMERS]
STEPPED_UP = [name for name in OF_CUSTOMERS if POLICY[name].level is Level.STEPPED_UP]


def somebody(level: Level, *, age_s: float = 0) -> Principal:
    proved_at = NOW - timedelta(seconds=age_s) if level is Level.STEPPED_UP else None
    return Principal("c", None if level is Level.ANONYMOUS else "C1", level, proved_at)


@pytest.mark.parametrize("operation", OF_CUSTOMERS)
@pytest.mark.parametrize("level", Level)
def test_every_operation_at_every_level(operation: str, level: Level) -> None:
    if level >= POLICY[operation].level:
        require(somebody(level), operation, NOW)
        return
    with pytest.raises(AssuranceRequiredError) as refused:
        require(somebody(level), operation, NOW)
    assert refused.value.required == POLICY[operation].level


@pytest.mark.parametrize("operation", STEPPED_UP)
def test_a_step_up_grows_too_old_to_the_second(operation: str) -> None:
    longest = POLICY[operation].max_age_s
    assert longest is not None
    require(somebody(Level.STEPPED_UP, age_s=longest - 1), operation, NOW)
    with pytest.raises(AssuranceRequiredError) as refused:
        require(somebody(Level.STEPPED_UP, age_s=longest), operation, NOW)
    assert refused.value.required is Level.STEPPED_UP


def test_eight_minutes_are_fresh_enough_to_read_and_too_old_to_unbind() -> None:
    who = somebody(Level.STEPPED_UP, age_s=480)
    require(who, "balance.read", NOW)
    with pytest.raises(AssuranceRequiredError):
        require(who, "binding.end", NOW)


@pytest.mark.parametrize("operation", STEPPED_UP)
def test_a_level_without_the_time_of_its_code_is_worth_nothing(operation: str) -> None:
    with pytest.raises(AssuranceRequiredError):
        require(Principal("c", "C1", Level.STEPPED_UP), operation, NOW)


def test_ages_are_given_where_a_code_is_asked_for_and_nowhere_else() -> None:
    assert [name for name, rule in POLICY.items() if rule.max_age_s is not None] == STEPPED_UP
    assert max(POLICY[name].max_age_s or 0 for name in STEPPED_UP) == LONGEST_STEP_UP_S


@pytest.mark.parametrize("operation", [name for name in OF_CUSTOMERS if POLICY[name].level > Level.ANONYMOUS])
def test_a_level_without_a_customer_is_worth_nothing(operation: str) -> None:
    with pytest.raises(AssuranceRequiredError):
        require(Principal("c", None, Level.STEPPED_UP, NOW), operation, NOW)


@pytest.mark.parametrize("operation", POLICY)
def test_each_kind_of_principal_has_its_own_operations(operation: str) -> None:
    others = [each for each in (StaffPrincipal("a1"), SYSTEM) if type(each) is not POLICY[operation].by]
    for other in others:
        with pytest.raises(WrongPrincipalError):
            permit(other, operation)


@pytest.mark.parametrize("operation", OF_OTHERS)
def test_no_level_of_a_customer_makes_a_colleague_or_the_system(operation: str) -> None:
    with pytest.raises(WrongPrincipalError):
        require(somebody(Level.STEPPED_UP), operation, NOW)
    permit(SYSTEM if type(SYSTEM) is POLICY[operation].by else StaffPrincipal("a1"), operation)


def test_an_unlisted_operation_is_never_allowed() -> None:
    with pytest.raises(KeyError):
        require(somebody(Level.STEPPED_UP), "money.give", NOW)
    with pytest.raises(KeyError):
        permit(SYSTEM, "money.give")


def test_own_data_needs_a_customer() -> None:
    assert customer_of(Principal("c", "C1", Level.BOUND), "points.read", NOW) == "C1"
    with pytest.raises(AssuranceRequiredError):
        customer_of(Principal("c"), "complaint.file", NOW)
