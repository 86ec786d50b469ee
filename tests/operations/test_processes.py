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


def test_rasa_knows_two_tokens_and_no_other_secret(settings: Settings) -> None:
    rasa, actions, _ = subject.processes(settings)
    assert rasa.environment["RASA_TOKEN"] != rasa.environment["ACTION_TOKEN"]
    assert rasa.health_headers == {"Authorization": f"Bearer {rasa.environment['RASA_TOKEN']}"}
    secrets = ("SECRET_KEY", "SITE_TOKEN_KEYS", "CORE_TOKEN", "ZOHO_CLIENT_SECRET", "WECHAT_TOKEN", "DATABASE_URL")
    assert {rasa.environment[name] for name in secrets} == {""}
    assert not any(rasa.environment[name] in " ".join(rasa.command) for name in ("RASA_TOKEN", "ACTION_TOKEN"))
    assert actions.environment == {}  # it derives its token from the same SECRET_KEY


def test_only_the_gateway_may_be_public(settings: Settings) -> None:
    settings.gateway_host = "0.0.0.0"
    _, actions, gateway = subject.processes(settings)
    assert actions.command[actions.command.index("--host") + 1] == "127.0.0.1"
    assert gateway.command[gateway.command.index("--host") + 1] == "0.0.0.0"
    assert subject.gateway_url(settings) == "http://127.0.0.1:18000"


def test_the_gateway_serves_tls_with_a_certificate(settings: Settings, tmp_path: Path) -> None:
    settings.tls_cert_file, settings.tls_key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    gateway = subject.processes(settings)[2]
    assert gateway.command[gateway.command.index("--ssl-certfile") + 1] == str(tmp_path / "cert.pem")
    assert gateway.command[gateway.command.index("--ssl-keyfile") + 1] == str(tmp_path / "key.pem")
    assert gateway.health_url == "https://127.0.0.1:18000/healthz"


def test_only_named_proxies_say_who_the_client_is(settings: Settings) -> None:
    _, actions, gateway = subject.processes(settings)
    assert "--no-proxy-headers" in gateway.command
    assert "--no-proxy-headers" in actions.command
    settings.trusted_proxies = ["10.0.0.1", "fd00::/64"]
    gateway = subject.processes(settings)[2]
    assert gateway.command[gateway.command.index("--forwarded-allow-ips") + 1] == "10.0.0.1,fd00::/64"


def test_our_servers_neither_name_themselves_nor_read_large_frames(settings: Settings) -> None:
    for process in subject.processes(settings)[1:]:
        assert "--no-server-header" in process.command
        assert process.command[process.command.index("--ws-max-size") + 1] == "16384"


def test_a_missing_rasa_environment_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingEnvironmentError, match="run `make environments` first"):
        subject.require_rasa_environment(tmp_path / ".venv-rasa" / "bin" / "python")
