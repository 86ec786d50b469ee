import pytest
from pydantic import ValidationError

from bot.settings import DEVELOPMENT_SECRET, Settings

SECRET = "s" * 32


def test_development_starts_as_it_is() -> None:
    assert Settings(_env_file=None).environment == "development"


@pytest.mark.parametrize(
    "secrets",
    [
        {},
        {"secret_key": SECRET},
        {"site_token_keys": {"k": SECRET}},
        {"secret_key": SECRET, "site_token_keys": {"k": SECRET, "old": DEVELOPMENT_SECRET}},
    ],
)
def test_production_refuses_development_secrets(secrets: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="production needs its own"):
        Settings(_env_file=None, environment="production", **secrets)


def test_production_starts_with_its_own() -> None:
    Settings(_env_file=None, environment="production", secret_key=SECRET, site_token_keys={"k": SECRET})


def test_short_secrets_are_refused() -> None:
    with pytest.raises(ValidationError, match="32 characters"):
        Settings(_env_file=None, secret_key="short")
