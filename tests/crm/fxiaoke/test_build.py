from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.bootstrap import build_foundation
from bot.crm.errors import CrmUnavailableError, InvalidMappingError
from bot.crm.fxiaoke.build import build_fxiaoke
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GIVEN: dict[str, Any] = {
    "crm": "fxiaoke",
    "crm_mapping_file": ROOT / "examples/crm/fxiaoke.yml",
    "fxiaoke_url": "http://127.0.0.1:9",
    "fxiaoke_app_id": "FSAID_1",
    "fxiaoke_app_secret": "secret",
    "fxiaoke_permanent_code": "code",
    "fxiaoke_user_id": "1000",
}


async def test_the_setting_chooses_the_adapter(db: Database) -> None:
    foundation = build_foundation(Settings(_env_file=None, **GIVEN), db=db)
    with pytest.raises(CrmUnavailableError, match="oauth2"):
        await foundation.crm.profile_kept("C1", "customer.export")
    await foundation.http.aclose()


@pytest.mark.parametrize("left_out", sorted(GIVEN.keys() - {"crm", "fxiaoke_url"}))
def test_what_is_needed_is_asked_for_at_the_start(left_out: str) -> None:
    given = {name: value for name, value in GIVEN.items() if name != left_out}
    with pytest.raises(ValueError, match="CRM=fxiaoke needs"):
        Settings(_env_file=None, **given)


async def test_notes_need_an_object_of_their_own(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    whole = GIVEN["crm_mapping_file"].read_text(encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(whole.partition("\nnote:")[0], encoding="utf-8")
    settings = Settings(_env_file=None, **{**GIVEN, "crm_mapping_file": tmp_path / "mapping.yml"})
    async with httpx.AsyncClient() as http:
        with pytest.raises(InvalidMappingError, match="object for notes"):
            build_fxiaoke(settings, http, db, clock)
