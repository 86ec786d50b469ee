"""A real Rasa server with the trained model for all stories; everything else of a story lives in the test."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import uvicorn

from bot.action_server import create_app
from bot.application import Services
from bot.bootstrap import build_gateway
from bot.knowledge.retriever import Retriever
from bot.operations.processes import processes
from bot.settings import ROOT, Settings
from tests.actions.conftest import services  # noqa: F401 - a fixture
from tests.dialogue.test_channel import wait_for
from tests.e2e.running import free_ports
from tests.fakes.sms import FakeSms
from tests.stories.talk import Talk


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories stay in one of the parallel processes, so that Rasa is started once."""
    for item in items:
        if "rasa_settings" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stories"))


@pytest.fixture(scope="session")
def rasa_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a running Rasa, which asks for actions on their action port."""
    action_port, rasa_port = free_ports(2)
    folder = tmp_path_factory.mktemp("rasa")
    ports = {"action_port": action_port, "rasa_port": rasa_port}
    settings = Settings(**ports, var_dir=folder, rasa_timeout_s=60, answer_within_s=60)  # the machine may be loaded
    rasa = processes(settings)[0]
    log = folder / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            rasa.command, cwd=ROOT, env={**os.environ, **rasa.environment}, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        wait_for(settings.rasa_url, server, log)
        yield settings
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture(scope="session")
def retriever(rasa_settings: Settings) -> Retriever:
    """The knowledge base as it is trained; loaded once, as it takes its time and its memory."""
    return Retriever.load(rasa_settings.index_dir)


@pytest.fixture
async def talk(
    rasa_settings: Settings,
    services: Services,  # noqa: F811
    retriever: Retriever,
    sms: FakeSms,
) -> AsyncIterator[Talk]:
    """A conversation through the gateway's services, Rasa and the real actions, on a fresh demo bank."""
    actions = create_app(replace(services, settings=rasa_settings, retriever=retriever))
    server = uvicorn.Server(uvicorn.Config(actions, port=rasa_settings.action_port, log_config=None))
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), "the action server did not start"
        await asyncio.sleep(0.01)
    yield await Talk.begin(build_gateway(rasa_settings, foundation=services.foundation), sms)
    server.should_exit = True
    await running
