"""The mapping file: what it says is checked at start, and translates both ways."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.crm.errors import InvalidMappingError
from bot.crm.mapping import iso, load_mapping
from bot.crm.models import CaseState
from bot.settings import ROOT

EXAMPLES = sorted((ROOT / "examples/crm").glob("*.yml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_are_complete(example: Path) -> None:
    load_mapping(example)


def test_values_are_translated_both_ways() -> None:
    case = load_mapping(ROOT / "examples/crm/zoho.yml").case
    record = case.write({"state": CaseState.IN_PROGRESS, "due_on": date(2026, 12, 8), "owner": "林晓"}, iso)
    assert record == {"Status": "In Progress", "Due_Date": "2026-12-08", "Handler": "林晓"}
    values = case.read(record, lambda _ours, value: value)
    assert (values["state"], values["due_on"], values["owner"]) == ("in_progress", "2026-12-08", "林晓")
    assert values["resolution"] is None


def test_what_the_mapping_does_not_translate_stays_as_it_is() -> None:
    case = load_mapping(ROOT / "examples/crm/zoho.yml").case
    assert case.write({"channel": "phone"}, iso) == {"Case_Origin": "phone"}
    assert case.read({"Case_Origin": "Email"}, lambda _ours, value: value)["channel"] == "Email"


def test_what_is_optional_may_be_left_out(tmp_path: Path) -> None:
    given = _example()
    del given["case"]["fields"]["customer"], given["customer"]["fields"]["manager"]
    mapping = load_mapping(_written(tmp_path, given))
    assert mapping.case.write({"customer": {"id": "1"}}, iso) == {}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda given: given["case"]["fields"].pop("number"), "case needs number"),
        (lambda given: given["case"]["fields"].update(nummer="X"), "case has no nummer"),
        (lambda given: given.pop("interaction"), "interaction Field required"),
        (lambda given: given["customer"].update(object=""), "customer.object"),
        (lambda given: given["case"]["fields"].update(state={"name": "S", "value": {}}), "case.fields.state.value"),
    ],
)
def test_a_file_with_faults_is_refused(tmp_path: Path, change: Any, told: str) -> None:
    given = _example()
    change(given)
    with pytest.raises(InvalidMappingError, match=told):
        load_mapping(_written(tmp_path, given))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("case: [")
    for name in ("missing.yml", "broken.yml"):
        with pytest.raises(InvalidMappingError, match=name):
            load_mapping(tmp_path / name)


def _example() -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load((ROOT / "examples/crm/zoho.yml").read_text(encoding="utf-8"))
    return given


def _written(tmp_path: Path, given: dict[str, Any]) -> Path:
    file = tmp_path / "mapping.yml"
    file.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    return file
