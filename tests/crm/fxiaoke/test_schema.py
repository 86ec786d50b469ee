from bot.crm.fxiaoke.schema import schema_of
from bot.crm.schema import FieldSchema
from bot.crm.wanted import Kind


def test_reads_a_described_text() -> None:
    field = {"type": "text", "is_unique": True, "is_required": True, "max_length": 100, "is_active": True}
    expected = FieldSchema("text", Kind.TEXT, unique=True, mandatory=True, length=100)
    assert schema_of({"no__c": field}) == {"no__c": expected}


def test_options_count_by_value_not_by_label() -> None:
    field = {"type": "select_one", "options": [{"label": "先生", "value": "1"}, {"label": "女士", "value": "2"}]}
    assert schema_of({"title__c": field})["title__c"].values == {"1", "2"}


def test_what_fxiaoke_computes_cannot_be_written() -> None:
    assert not schema_of({"name": {"type": "auto_number"}})["name"].writable


def test_mandatory_is_only_what_nobody_fills_yet() -> None:
    schema = schema_of(
        {
            "owner": {"type": "employee", "is_required": True},
            "price": {"type": "currency", "is_required": True, "default_value": "0"},
            "must__c": {"type": "text", "is_required": True},
        }
    )
    assert [name for name, field in schema.items() if field.mandatory] == ["must__c"]


def test_a_type_that_none_of_ours_fits_is_named_as_it_is() -> None:
    assert schema_of({"price": {"type": "currency"}})["price"] == FieldSchema("currency", None)


def test_fields_that_are_switched_off_are_not_there() -> None:
    assert schema_of({"old__c": {"type": "text", "is_active": False}}) == {}
