"""When the Rasa model is made anew, and what happens when that fails; a shell script stands in for Rasa."""

from pathlib import Path

import pytest

from bot.operations.errors import MissingEnvironmentError, TrainingFailedError
from bot.operations.training import RasaTraining, fingerprint
from bot.settings import Settings

RASA = """#!/bin/sh
while [ "$1" != --out ]; do shift; done
echo "INFO Starting to train component 'LinearIntentClassifier'."
{outcome}
"""
TRAINS = 'printf model > "$2/rasa.tar.gz"'
FAILS = "printf '\\033[91mYamlSyntaxException: nlu.yml, line 3\\033[0m\\n'; exit 1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "knowledge" / "products").mkdir(parents=True)
    return Settings(var_dir=tmp_path / "var", models_dir=tmp_path / "models", knowledge_dir=tmp_path / "knowledge")


def training(settings: Settings, tmp_path: Path, outcome: str) -> RasaTraining:
    python = tmp_path / "python"
    python.write_text(RASA.format(outcome=outcome))
    python.chmod(0o755)
    return RasaTraining(settings, python=python)


def test_a_trained_model_is_current_until_its_sources_change(settings: Settings, tmp_path: Path) -> None:
    rasa = training(settings, tmp_path, TRAINS)
    assert not rasa.is_current()
    told: list[str] = []
    rasa.make(told.append)
    assert rasa.is_current()
    assert told == ["LinearIntentClassifier"]
    assert [file.name for file in settings.models_dir.iterdir() if file.name.startswith(".")] == []
    (settings.knowledge_dir / "products" / "deposits.yml").write_text("- name: 定期存款")
    assert not rasa.is_current()


def test_a_failed_training_keeps_the_old_model_and_names_cause_and_log(settings: Settings, tmp_path: Path) -> None:
    training(settings, tmp_path, TRAINS).make(lambda _: None)
    rasa = training(settings, tmp_path, FAILS)
    with pytest.raises(TrainingFailedError) as error:
        rasa.make(lambda _: None)
    assert "(YamlSyntaxException: nlu.yml, line 3)" in str(error.value)
    assert str(settings.var_dir / "log" / "rasa-train.log") in str(error.value)
    assert "\n" not in str(error.value)
    assert rasa.model.read_text() == "model"


def test_without_its_environment_nothing_is_tried(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(MissingEnvironmentError):
        RasaTraining(settings, python=tmp_path / "nowhere").make(lambda _: None)


def test_the_fingerprint_sees_names_and_contents_but_not_bytecode(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("1")
    first = fingerprint([tmp_path])
    (tmp_path / "a.pyc").write_text("compiled")
    assert fingerprint([tmp_path]) == first
    (tmp_path / "a.yml").rename(tmp_path / "b.yml")
    renamed = fingerprint([tmp_path])
    (tmp_path / "b.yml").write_text("2")
    assert len({first, renamed, fingerprint([tmp_path])}) == 3
