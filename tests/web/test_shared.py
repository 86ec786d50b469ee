"""The shared modules, loaded into a page and called."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

NOW = "2026-11-23T04:00:00Z"  # midday at the bank


@pytest.mark.parametrize(
    ("said_at", "shown"),
    [
        ("2026-11-22T16:00:00Z", "00:00"),
        ("2026-11-22T15:59:00Z", "昨天 23:59"),
        ("2026-11-03T01:05:00Z", "11月3日 09:05"),
        ("2025-12-31T15:00:00Z", "2025年12月31日 23:00"),
    ],
)
def test_times_are_told_as_chinese_readers_expect(page: Page, said_at: str, shown: str) -> None:
    call = "([at, now]) => import('/static/shared/time.js').then(m => m.whenSaid(at, new Date(now)))"
    assert page.evaluate(call, [said_at, NOW]) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "00:00"), (42.9, "00:42"), (725, "12:05"), (3725, "1:02:05")])
def test_a_waiting_time_grows_from_minutes_to_hours(page: Page, seconds: float, shown: str) -> None:
    assert page.evaluate("s => import('/static/shared/time.js').then(m => m.elapsed(s))", seconds) == shown


def test_the_transcript_orders_deduplicates_and_notices_gaps(page: Page) -> None:
    found = page.evaluate(
        """async () => {
            const { Transcript } = await import('/static/shared/transcript.js');
            const log = new Transcript();
            const of = (...seqs) => seqs.map((seq) => ({ seq, text: `${seq}` }));
            const gaps = [log.absorb(of(1, 2)), log.absorb(of(2)), log.absorb(of(5)), log.absorb(of(4))];
            const before = log.cursor;
            log.complete(of(3, 5));
            return { gaps, before, after: log.cursor, seqs: log.messages.map((message) => message.seq) };
        }"""
    )
    assert found == {"gaps": [False, False, True, True], "before": 2, "after": 5, "seqs": [1, 2, 3, 4, 5]}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "http://["])
def test_only_web_addresses_become_links(page: Page, address: str) -> None:
    assert page.evaluate("a => import('/static/shared/dom.js').then(m => m.safeLink(a))", address) is None
