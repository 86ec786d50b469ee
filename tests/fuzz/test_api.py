"""Whatever is sent to whichever route: no error of ours, and only answers that the OpenAPI page tells of."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Request
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_dict
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.budget import budget
from tests.fuzz.people import APP, PEOPLE, Bank

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = from_dict(APP.openapi(), config=SchemathesisConfig())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


def cases(operation: APIOperation) -> st.SearchStrategy[Case]:
    """Requests as the page describes them and, where it describes anything, requests that break what it says."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not any((operation.path_parameters, operation.query, operation.body)):
        return fitting
    return st.one_of(fitting, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


STRATEGIES = {operation.label: cases(operation) for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
@budget(10)
@given(data=st.data())
async def test_every_route_keeps_to_its_description(
    http: httpx.AsyncClient, bank: Bank, operation: APIOperation, data: st.DataObject
) -> None:
    case = data.draw(STRATEGIES[operation.label])
    if data.draw(st.booleans()):
        case.path_parameters.update(existing(bank, case.path_parameters, data))
    response = await sent(http, case, bank.credentials[data.draw(st.sampled_from(PEOPLE))])
    case.validate_response(response, checks=CHECKS)


def existing(bank: Bank, parameters: dict[str, Any], data: st.DataObject) -> dict[str, str]:
    """Values of path parameters that name something that exists."""
    choices = {"conversation_id": bank.conversations, "number": [bank.number]}
    return {name: data.draw(st.sampled_from(choices[name])) for name in parameters if name in choices}


async def sent(http: httpx.AsyncClient, case: Case, headers: dict[str, str]) -> httpx.Response:
    """What the application answers to the very bytes of a case, from somebody with these credentials."""
    request = Request(**case.as_transport_kwargs(base_url="http://test")).prepare()
    own = {name: value for name, value in request.headers.items() if name.lower() not in headers}
    return await http.request(request.method, request.url, content=request.body, headers={**own, **headers})
