import pytest
from argon2 import PasswordHasher

from bot.staff.errors import WeakPasswordError
from bot.staff.passwords import Passwords, initial_password, require_good_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DEARER = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)


@pytest.mark.parametrize(
    "password", ["short", "elevenchars", "Password1234", "woaini1314520", "xuemeilin.wang", "a" * 20]
)
def test_what_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        require_good_password(password, "Xuemeilin.Wang")


@pytest.mark.parametrize("password", ["twelve chars", "我的密码是一句很长的话呀", "k" * 8 + "lmnop"])
def test_what_is_long_enough_is_taken(password: str) -> None:
    require_good_password(password, "lin")


def test_a_password_has_an_upper_limit() -> None:
    with pytest.raises(WeakPasswordError):
        require_good_password("abcdefgh" * 33, "lin")


def test_initial_passwords_are_good_and_differ() -> None:
    made = {initial_password() for _ in range(20)}
    assert len(made) == 20
    for password in made:
        require_good_password(password, "lin")


async def test_only_the_password_itself_matches() -> None:
    passwords = Passwords(CHEAP)
    stored = await passwords.hash("correct horse")
    assert stored.startswith("$argon2id$")
    assert await passwords.match(stored, "correct horse")
    assert not await passwords.match(stored, "Correct horse")
    assert not await passwords.match(None, "correct horse")


async def test_a_hash_with_other_parameters_is_outdated() -> None:
    stored = await Passwords(CHEAP).hash("correct horse")
    assert not Passwords(CHEAP).is_outdated(stored)
    assert Passwords(DEARER).is_outdated(stored)
