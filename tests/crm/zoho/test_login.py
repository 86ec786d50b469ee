"""Fetching tokens: what comes with them, and how their refusal is told."""

import httpx
import pytest

from bot.crm.errors import CrmUnavailableError
from bot.crm.zoho.login import ZohoLogin
from tests.stubs.faults import Fault
from tests.stubs.zoho.server import CLIENT_ID, CLIENT_SECRET, TOKENS, Zoho


async def test_a_token_comes_with_its_address(login: ZohoLogin, server: tuple[Zoho, str]) -> None:
    fetched = await login()
    assert fetched.token in server[0].tokens
    assert (fetched.lives_s, fetched.extra) == (3600, {"api_domain": server[1]})


async def test_an_error_may_come_with_status_200(zoho: Zoho, server: tuple[Zoho, str], http: httpx.AsyncClient) -> None:
    login = ZohoLogin(
        http, server[1], client_id=CLIENT_ID, client_secret=CLIENT_SECRET, refresh_token="revoked", timeout_s=1
    )
    with pytest.raises(CrmUnavailableError, match="invalid_code") as caught:
        await login()
    assert "revoked" not in str(caught.value)


async def test_once_blocked_the_wait_is_told(login: ZohoLogin) -> None:
    for _ in range(TOKENS):
        await login()
    with pytest.raises(CrmUnavailableError, match="Access Denied") as caught:
        await login()
    assert caught.value.retry_after_s == 600


@pytest.mark.parametrize("body", ["<html>oops</html>", "[]", None, {"access_token": None}])
async def test_what_is_no_token_is_told_as_unavailable(login: ZohoLogin, zoho: Zoho, body: object) -> None:
    await zoho.faults.add(Fault(kind="answer", match="token", status=200, body=body))
    with pytest.raises(CrmUnavailableError):
        await login()


def test_the_shared_name_tells_logins_apart_and_no_secret(login: ZohoLogin, http: httpx.AsyncClient) -> None:
    other = ZohoLogin(http, "https://a", client_id="b", client_secret="c", refresh_token="topsecret", timeout_s=1)
    assert login.token_name != other.token_name
    assert "topsecret" not in other.token_name
