"""What the three processes are told."""

from pathlib import Path

import pytest

from bot.operations import processes as subject
from bot.operations.errors import MissingEnvironmentError
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        var_dir=tmp_path / "var", models_dir=tmp_path, gateway_port=18000, action_port=15055, rasa_port=15005
    )


def test_each_process_listens_where_the_settings_say(settings: Settings) -> None:
    for process, port in zip(subject.processes(settings), (15005, 15055, 18000), strict=True):
        assert process.port == port
        assert process.command[process.command.index("--port") + 1] == str(port)
        assert f"127.0.0.1:{port}/" in process.health_url


def test_rasa_is_private_and_its_model_cannot_be_replaced(settings: Settings) -> None:
    rasa = subject.processes(settings)[0]
    assert "--enable-api" not in rasa.command
    assert rasa.command[rasa.command.index("--interface") + 1] == "127.0.0.1"
    assert rasa.environment["ACTION_ENDPOINT_URL"] == settings.action_url
    assert rasa.environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_only_the_gateway_may_be_public(settings: Settings) -> None:
    settings.gateway_host = "0.0.0.0"
    _, actions, gateway = subject.processes(settings)
    assert actions.command[actions.command.index("--host") + 1] == "127.0.0.1"
    assert gateway.command[gateway.command.index("--host") + 1] == "0.0.0.0"
    assert subject.gateway_url(settings) == "http://127.0.0.1:18000"


def test_a_missing_rasa_environment_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingEnvironmentError, match="run `make environments` first"):
        subject.require_rasa_environment(tmp_path / ".venv-rasa" / "bin" / "python")
