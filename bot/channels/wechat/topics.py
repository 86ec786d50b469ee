"""What buttons of the menu and scenes of QR codes open, as `topics.yml` has it."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

TOPICS_FILE = Path(__file__).with_name("topics.yml")


class Topic(BaseModel):
    """Something a customer may want to say with one tap."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str = Field(min_length=1)
    """What stands in the transcript."""
    payload: str = Field(pattern=r"^/[a-z_]+(\{.*\})?$")
    """What the assistant reads."""


Topics = dict[str, Topic]
_TOPICS = TypeAdapter(Topics)


def load_topics(file: Path = TOPICS_FILE) -> Topics:
    """By name, which is the key of menu buttons and the scene of QR codes."""
    return _TOPICS.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
