import pytest

from bot.complaints.classify import categories
from bot.complaints.models import ComplaintDraft
from bot.complaints.templates import _templates, has_gaps, templates_for
from tests.complaints.conftest import Bank


async def test_those_of_the_category_come_first_and_know_what_is_known(bank: Bank) -> None:
    draft = ComplaintDraft(target="网点服务", what="排队两小时")
    complaint = await bank.service.file(bank.wang, draft, idempotency_key="k1")
    found = templates_for(complaint, hotline="955000")
    assert found[0].id == "service_apology"
    assert all("11月23日" in each.text for each in found)
    assert "refund" not in {each.id for each in found}


@pytest.mark.parametrize("template", _templates(), ids=lambda each: each.id)
def test_each_leaves_something_to_write_and_names_categories_that_exist(template) -> None:
    assert has_gaps(template.text)
    assert set(template.categories) <= set(categories())
