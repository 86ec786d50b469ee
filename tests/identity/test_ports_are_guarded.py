"""Core banking and CRM are asked by the services that know the policy, and by nobody else: read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.banking.port import CoreBanking
from bot.crm.port import Crm

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for part in ("bot", "actions") for path in (ROOT / part).rglob("*.py"))
BOOTSTRAP = "bot/bootstrap.py"

PORT_MODULES = {"bot.banking.port", "bot.crm.port"}
MAY_KNOW_A_PORT = {
    "bot/banking/service.py",
    "bot/banking/guarded.py",
    "bot/crm/service.py",
    "bot/crm/guarded.py",
    "bot/crm/deliverer.py",
    "bot/crm/writes.py",
    "bot/crm/zoho/build.py",
    "bot/crm/fxiaoke/build.py",
    BOOTSTRAP,
}
"""The services, the guards in front of adapters, the outbox's delivery, and who builds adapters."""

ADAPTER_MODULES = {"bot.banking.sql", "bot.banking.http", "bot.banking.guarded", "bot.crm.sql", "bot.crm.guarded"}
ADAPTER_PACKAGES = ("bot.crm.zoho", "bot.crm.fxiaoke")

SERVICES = {
    # Who asks a port, and the name under which the port is held there.
    "bot/banking/service.py": "_core",
    "bot/crm/service.py": "_crm",
}
PORT_METHODS = {name for port in (CoreBanking, Crm) for name in vars(port) if not name.startswith("_")}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nobody_else_holds_a_port_or_an_adapter(path: Path) -> None:
    modules = set(imported(path))
    if named(path) not in MAY_KNOW_A_PORT:
        assert not modules & PORT_MODULES
    if named(path) != BOOTSTRAP:
        assert not modules & ADAPTER_MODULES
        packages = {name for name in modules if name.startswith(ADAPTER_PACKAGES)}
        inside = named(path).startswith(("bot/crm/zoho/", "bot/crm/fxiaoke/"))
        assert inside or not packages


def calls_of_ports(path: Path) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Calls such as `self._crm.profile(…)` with the function they stand in."""
    held = SERVICES[named(path)]
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                holder = call.func.value
                if isinstance(holder, ast.Attribute) and holder.attr == held and call.func.attr in PORT_METHODS:
                    yield function, call


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_asks_the_policy_before_it_asks_its_port(service: str) -> None:
    found = list(calls_of_ports(ROOT / service))
    assert found
    for function, call in found:
        asks = [
            node
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"self._allowed", "customer_of", "permit"}
        ]
        assert asks, f"{service}: {ast.unparse(call)} without asking the policy"
        assert min(node.lineno for node in asks) <= call.lineno


def test_the_delivery_of_writes_asks_the_policy_too() -> None:
    source = (ROOT / "bot/crm/deliverer.py").read_text(encoding="utf-8")
    assert source.index('permit(SYSTEM, "crm.deliver")') < source.index("due.write.deliver(self._crm)")


def test_principals_are_made_where_identity_is_proved_and_nowhere_else() -> None:
    """No action, route or channel can make up who somebody is, or at which level."""
    makers = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Principal":
                makers.add(named(path))
    assert makers == {"bot/identity/bindings.py"}
