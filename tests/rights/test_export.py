import json

import pytest
from sqlalchemy import select

from bot.privacy.tables import audit_log
from bot.rights.export import to_json
from bot.rights.inventory import INVENTORY, Personal
from tests.rights.conftest import LI, PHONES, WANG, House


async def exported(house: House, customer_id: str) -> dict:
    document = await house.rights.export.document(customer_id, actor="admin:root", reason="by letter")
    return json.loads(to_json(document))


async def test_everything_there_is_about_a_customer(house: House, wang: str) -> None:
    copy = await exported(house, WANG)
    kept = copy["database"]
    assert set(kept) == {name for name, held in INVENTORY.items() if isinstance(held, Personal)}
    said = [message["text"] for message in kept["messages"]]
    assert said[0] == "我的手机号是[手机号1]，急"
    assert kept["sealed_values"] == [{"conversation_id": wang, "placeholder": "[手机号1]", "value": PHONES[WANG]}]
    assert [entry["event"] for entry in kept["complaint_timeline"]][:2] == ["file", "accept"]
    assert {write["kind"] for write in kept["crm_outbox"]} >= {"open_case", "write_interaction"}
    assert "identity.bind" in {row["action"] for row in kept["audit_log"]}
    assert copy["crm"]["source"] == "sql"
    assert copy["crm"]["profile"]["customer_id"] == WANG
    assert copy["left_out"]["systems_of_record"] == ["CRM", "core banking"]


async def test_nothing_of_anybody_else_and_no_secret(house: House, wang: str) -> None:
    text = to_json(await house.rights.export.document(WANG, actor="admin:root", reason="by letter"))
    li = await house.base.crm.profile_kept(LI, "customer.export")
    assert li is not None
    assert all(other not in text for other in (LI, PHONES[LI], li.phone, f"openid-{LI}"))
    assert all(secret not in text for secret in ("token_hash", "code_hash", "page_hash", "123456"))


async def test_the_export_is_audited_with_its_reason(house: House, wang: str) -> None:
    await exported(house, WANG)
    async with house.base.db.read() as connection:
        row = (await connection.execute(select(audit_log).where(audit_log.c.action == "privacy.export"))).one()
    assert (row.actor, row.customer_id, row.reason) == ("admin:root", WANG, "by letter")


async def test_a_conversation_of_former_days_belongs_to_it_unless_another_customer_took_it_over(
    house: House, wang: str
) -> None:
    await house.gateway.identity.end_session(wang)
    assert (await exported(house, WANG))["database"]["messages"]
    await house.gateway.identity.bind(wang, LI)
    for customer_id in (WANG, LI):
        copy = await exported(house, customer_id)
        assert wang not in {message["conversation_id"] for message in copy["database"].get("messages", [])}
        assert copy["left_out"]["conversations_shared_with_another_customer"] == [wang]


@pytest.mark.parametrize("customer_id", ["C9999", "%", ""])
async def test_of_an_unknown_customer_there_is_only_the_trace_of_the_export(
    house: House, wang: str, customer_id: str
) -> None:
    copy = await exported(house, customer_id)
    assert copy["crm"]["profile"] is None
    assert [row["action"] for row in copy["database"].pop("audit_log")] == ["privacy.export"]
    assert copy["database"] == {}
