"""The three processes that make up the system, and the Python environments they run in."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.bearer import authorization, process_token
from bot.operations.errors import MissingEnvironmentError
from bot.settings import ROOT, Settings

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


@dataclass(frozen=True)
class Process:
    """One program to keep running."""

    name: str
    title: str
    command: tuple[str, ...]
    port: int
    port_setting: str
    """The setting to change when the port is taken."""
    health_url: str
    """Answers 200 once the process can do its work; asked with `health_headers`."""
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    health_headers: Mapping[str, str] = field(default_factory=dict)
    talks: bool = True
    """Whether its standard output is meant for the developer's console (its logs go to `log` in any case)."""


def processes(settings: Settings) -> list[Process]:
    """The processes in the order in which a message passes through them, last one first."""
    logs = settings.var_dir / "log"
    return [_rasa(settings, logs), _actions(settings, logs), _gateway(settings, logs)]


def rasa_model(settings: Settings) -> Path:
    """Where the trained Rasa model lies."""
    return settings.models_dir / "rasa.tar.gz"


def rasa_environment(settings: Settings) -> dict[str, str]:
    """Environment variables for Rasa's own programs: run, train, test."""
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "OMP_NUM_THREADS": "1",  # the linear classifier gains nothing from threads that fight over two cores
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_HOST": "127.0.0.1",
        "PYTHONPATH": str(ROOT),  # Rasa loads the graph components of bot/nlu
        **dict.fromkeys(_secret_names(), ""),  # it inherits our environment; these are not for the old libraries
        "RASA_TOKEN": _token(settings, "rasa"),
        "ACTION_TOKEN": _token(settings, "actions"),
        "ACTION_ENDPOINT_URL": settings.action_url,
        "RASA_TRACKER_DB": str(settings.tracker_file),
    }


def _token(settings: Settings, process: Literal["rasa", "actions"]) -> str:
    return process_token(settings.secret_key.get_secret_value(), process)


def _secret_names() -> list[str]:
    """The environment variables of everything that opens something: keys, tokens, the database, Redis."""
    kinds = {name: str(field.annotation) for name, field in Settings.model_fields.items()}
    return [name.upper() for name, kind in kinds.items() if "SecretStr" in kind] + ["DATABASE_URL", "REDIS_URL"]


def require_rasa_environment(python: Path = RASA_PYTHON) -> None:
    """Raises MissingEnvironmentError when there is no Python 3.10 environment to run Rasa in."""
    if not python.exists():
        raise MissingEnvironmentError(f"{python.parent.parent} is missing: run `make environments` first.")


def _rasa(settings: Settings, logs: Path) -> Process:
    command = (str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(rasa_model(settings)))
    # Without --enable-api: nobody can replace the model, and Rasa listens only once the model is loaded.
    listen = ("--interface", "127.0.0.1", "--port", str(settings.rasa_port))
    files = ("--endpoints", str(ROOT / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml"))
    return Process(
        name="rasa",
        title="Rasa server",
        command=(*command, *listen, *files),
        port=settings.rasa_port,
        port_setting="RASA_PORT",
        health_url=f"{settings.rasa_url}/webhooks/gateway/",
        health_headers=authorization(_token(settings, "rasa")),
        log=logs / "rasa.log",
        environment=rasa_environment(settings),
        talks=False,
    )


def _actions(settings: Settings, logs: Path) -> Process:
    return Process(
        name="actions",
        title="action server",
        command=(*_uvicorn("bot.action_server:create_app", "127.0.0.1", settings.action_port), "--no-proxy-headers"),
        port=settings.action_port,
        port_setting="ACTION_PORT",
        health_url=f"http://127.0.0.1:{settings.action_port}/healthz",
        log=logs / "actions.log",
    )


def _gateway(settings: Settings, logs: Path) -> Process:
    return Process(
        name="gateway",
        title="gateway",
        command=(
            *_uvicorn("bot.gateway:create_app", settings.gateway_host, settings.gateway_port),
            *_proxies(settings.trusted_proxies),
            *_certificate(settings),
        ),
        port=settings.gateway_port,
        port_setting="GATEWAY_PORT",
        health_url=f"{gateway_url(settings)}/healthz",
        log=logs / "gateway.log",
    )


def gateway_url(settings: Settings) -> str:
    """Where this machine reaches the gateway."""
    everywhere = settings.gateway_host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return f"{settings.gateway_scheme}://{'127.0.0.1' if everywhere else settings.gateway_host}:{settings.gateway_port}"


def _proxies(trusted: list[str]) -> tuple[str, ...]:
    """Who may say by X-Forwarded-For and -Proto who the client is; left alone, uvicorn believes all of this machine."""
    return ("--proxy-headers", "--forwarded-allow-ips", ",".join(trusted)) if trusted else ("--no-proxy-headers",)


def _certificate(settings: Settings) -> tuple[str, ...]:
    """TLS 1.2 or newer: Python's own default for servers."""
    key = settings.tls_key_file
    if settings.tls_cert_file is None or key is None:
        return ()
    return ("--ssl-certfile", str(settings.tls_cert_file.resolve()), "--ssl-keyfile", str(key.resolve()))


def _uvicorn(factory: str, host: str, port: int) -> tuple[str, ...]:
    command = (sys.executable, "-m", "uvicorn", factory, "--factory", "--host", host, "--port", str(port))
    # uvicorn's own lines join ours (bot/logs.py), as JSON; the addresses of visitors are not for logs.
    logs = ("--log-config", str(Path(__file__).with_name("uvicorn.json")), "--no-access-log", "--no-server-header")
    # Open chat streams never end by themselves; a stop must not wait for them.
    # Frames on streams are small (bot/channels/frames.py); a larger one is not even read into memory.
    return (*command, *logs, "--ws-max-size", "16384", "--timeout-graceful-shutdown", "3")
