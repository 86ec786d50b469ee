"""`python -m bot knowledge check`, as an editor runs it."""

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT
from tests.knowledge.conftest import knowledge_dir, write

__all__ = ["knowledge_dir"]


def check(folder: Path) -> "subprocess.CompletedProcess[str]":
    return run("knowledge", "check", folder=folder)


def run(*words: str, folder: Path, typed: str = "", **given: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "KNOWLEDGE_DIR": str(folder), **given}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=120)


def test_the_own_knowledge_base_is_right() -> None:
    done = check(ROOT / "knowledge_base")
    assert done.returncode == 0, done.stderr
    assert "nothing is wrong" in done.stdout


def test_every_fault_is_told_and_the_exit_code_says_so(knowledge_dir: Path) -> None:
    write(knowledge_dir / "faq" / "open.yml", [{"id": "card.open", "question": "怎么办卡？"}])
    write(knowledge_dir / "faq" / "shut.yml", "words")

    done = check(knowledge_dir)

    assert done.returncode == 1
    faults = done.stderr.splitlines()
    assert any("open.yml: entry card.open: field phrasings" in fault for fault in faults)
    assert any("open.yml: entry card.open: field answer" in fault for fault in faults)
    assert any("shut.yml: must be a list" in fault for fault in faults)


def test_a_sheet_comes_in_for_an_editor_and_what_is_published_goes_out(knowledge_dir: Path, tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'bank.db'}"}
    file = tmp_path / "entries.csv"
    file.write_text(
        '编号,标准问题,问法,答案\ncard.new,新卡？,"一种\n两种\n三种\n四种\n五种",好的。\nbad,,,\n', encoding="utf-8"
    )

    none = run("knowledge", "import", str(file), "--login", "he", folder=knowledge_dir, **database)
    assert (none.returncode, "he is no editor" in none.stderr) == (1, True)
    hired = ("staff", "add", "he", "--name", "何静", "--role", "editor", "--password-stdin")
    assert run(*hired, folder=knowledge_dir, typed="a password of her own\n", **database).returncode == 0
    done = run("knowledge", "import", str(file), "--login", "he", folder=knowledge_dir, **database)
    assert done.returncode == 1
    assert "1 drafts, 0 rows unchanged" in done.stdout
    assert "row 3: 标准问题: 没有填写" in done.stdout + done.stderr

    out = run("knowledge", "export", folder=knowledge_dir, **database)
    assert (out.returncode, "0 changed, 0 added, 0 retired" in out.stdout) == (0, True)
