"""No table is forgotten."""

from bot.rights.inventory import INVENTORY, Blank, Keep, OfRecord, Personal, personal
from bot.settings import ROOT, Settings
from bot.storage.schema import metadata

_TELLING = ("customer_id", "conversation_id", "openid", "phone")


def test_every_table_is_classified() -> None:
    assert set(INVENTORY) == set(metadata.tables)


def test_columns_and_settings_that_are_named_exist() -> None:
    for table, held in personal():
        columns = {*held.found_by, *(held.erased_by or {}), *held.hidden}
        if isinstance(held.on_erasure, Blank):
            columns |= set(held.on_erasure.values)
        assert columns <= set(table.c.keys()), table.name
        if isinstance(held.on_erasure, Keep) and held.on_erasure.retention:
            assert held.on_erasure.retention in Settings.model_fields
            assert held.on_erasure.counts_from in {*table.c.keys(), "ended_at"}


def test_a_table_that_names_a_customer_is_personal() -> None:
    for table in metadata.sorted_tables:
        if any(column in table.c for column in _TELLING):
            assert isinstance(INVENTORY[table.name], Personal | OfRecord), table.name


def test_rows_go_before_what_they_refer_to() -> None:
    order = [table.name for table, _ in personal()]
    assert order.index("wechat_replies") < order.index("wechat_users") < order.index("conversations")


def test_the_documentation_names_every_period() -> None:
    page = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")
    table = page[page.index("## Retention") :]
    for name, field in Settings.model_fields.items():
        if name.startswith("retain_"):
            (line,) = [line for line in table.splitlines() if line.startswith("|") and f"`{name.upper()}`" in line]
            assert str(field.default) in line
