"""Everything an installation may choose, read from the environment or `.env`, typed and checked at start."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-never-in-production"  # noqa: S105 - refused in production below


class Settings(BaseSettings):
    """One field, one environment variable of the same name in capitals (`DATABASE_URL`, `BRAND_NAME`, …)."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore")

    environment: Literal["development", "production"] = "development"
    brand_name: str = "掌柜银行"
    assistant_name: str = "小掌"
    hotline: str = "955000"

    database_url: str = f"sqlite+aiosqlite:///{ROOT}/var/zhanggui.db"
    redis_url: str | None = None

    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8000
    action_port: int = 5055
    rasa_port: int = 5005
    allowed_origins: list[str] = []
    """Other origins whose pages carry the widget, such as `["https://www.bank.example"]`; none behind one proxy."""
    rasa_timeout_s: float = Field(10.0, gt=0)

    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Seals personal data, keys code hashes and cookies; at least 32 characters."""
    site_token_keys: dict[str, SecretStr] = {"demo": SecretStr(DEVELOPMENT_SECRET)}
    """Key id → secret with which the bank's site signs its customers' tokens (HS256). JSON in the environment."""
    site_token_audience: str = "zhanggui"  # noqa: S105 - a name, not a secret

    code_ttl_s: int = 300
    code_tries: int = 3
    code_lock_s: int = 900
    code_resend_s: int = 60
    step_up_s: int = 600
    """How long a passed one-time code keeps a conversation at level 2."""

    embedding_model: str | None = None
    """Name or path of a pretrained sentence-transformers model; none means the model trained at build."""
    misses_before_handoff: int = Field(2, ge=1)
    max_message_chars: int = Field(2000, ge=1)
    sessions_per_minute: int = Field(120, ge=1)
    """New sessions a minute from one address; a bank's branch may share one."""
    messages_per_minute: int = Field(40, ge=1)
    """Messages a minute in one conversation."""
    logins_per_minute: int = Field(10, ge=1)
    """Attempts a minute to sign in as one agent."""
    session_ttl_s: int = 43_200
    """A customer's session ends after this much disuse."""
    segment_idle_s: int = 1800
    """After this much silence the next message starts a fresh dialogue (Rasa slows as a tracker grows)."""
    complaint_answer_days: int = 15

    var_dir: Path = ROOT / "var"
    models_dir: Path = ROOT / "models"
    knowledge_dir: Path = ROOT / "knowledge_base"
    domain_file: Path = ROOT / "domain.yml"

    @model_validator(mode="after")
    def _refuse_development_secrets_in_production(self) -> "Settings":
        secrets = [self.secret_key, *self.site_token_keys.values()]
        if self.environment == "production" and any(s.get_secret_value() == DEVELOPMENT_SECRET for s in secrets):
            raise ValueError("production needs its own SECRET_KEY and SITE_TOKEN_KEYS")
        if any(len(s.get_secret_value()) < 32 for s in secrets):
            raise ValueError("SECRET_KEY and SITE_TOKEN_KEYS need at least 32 characters each")
        return self

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def action_url(self) -> str:
        return f"http://127.0.0.1:{self.action_port}/webhook"

    @property
    def index_dir(self) -> Path:
        """Where the built FAQ index lies."""
        return self.models_dir / "knowledge"


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
