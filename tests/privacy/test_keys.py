from bot.privacy.keys import derive_key


def test_keys_are_stable_and_of_one_purpose() -> None:
    assert derive_key("secret", "a") == derive_key("secret", "a")
    assert len({derive_key("secret", "a"), derive_key("secret", "b"), derive_key("other", "a")}) == 3
    assert len(derive_key("secret", "a")) == 32
