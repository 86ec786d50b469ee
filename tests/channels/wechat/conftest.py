import pytest

from bot.bootstrap import load_texts
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts
from tests.channels.wechat.correspondence import Correspondence
from tests.fakes.clock import FakeClock


@pytest.fixture
def texts() -> Texts:
    """The responses of the domain."""
    return load_texts(Settings(_env_file=None))


@pytest.fixture
async def post(db: Database, clock: FakeClock) -> Correspondence:
    """One user who has just written, and everything that delivers to the phone."""
    return await Correspondence.begin(db, clock)
