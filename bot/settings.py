"""Everything an installation may choose, read from the environment or `.env`, typed and checked at start."""

import re
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.completeness import incomplete
from bot.production import DEVELOPMENT_SECRET, SIMULATED_AES_KEY, SIMULATED_APP_ID, unfit

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One field, one environment variable of the same name in capitals (`DATABASE_URL`, `BRAND_NAME`, …)."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", hide_input_in_errors=True)

    environment: Literal["development", "production"] = "development"
    brand_name: str = "掌柜银行"
    assistant_name: str = "小掌"
    hotline: str = "955000"

    database_url: str = f"sqlite+aiosqlite:///{ROOT}/var/zhanggui.db"
    redis_url: str | None = None

    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8000
    tls_cert_file: FilePath | None = None
    """The gateway's certificate and those above it (PEM): with its key the gateway serves https itself."""
    tls_key_file: FilePath | None = None
    trusted_proxies: list[str] = []
    """Addresses and networks of the proxies that serve TLS in front of us; only they may say who the client is."""
    action_port: int = 5055
    rasa_port: int = 5005
    allowed_origins: list[str] = []
    """Other origins whose pages carry the widget, such as `["https://www.bank.example"]`; none behind one proxy."""
    metrics_networks: list[str] = ["127.0.0.0/8", "::1/128"]
    """Networks that may read the gateway's `/metrics`."""
    rasa_timeout_s: float = Field(10.0, gt=0)

    answer_within_s: float = Field(2.5, gt=0)
    """What an answer may wait for core banking and CRM in all; after that the customer is told and offered a person."""
    breaker_threshold: int = Field(5, ge=1)
    breaker_rest_s: float = Field(20.0, gt=0)
    """After so many failures in a row the core or the CRM is left alone for this long."""
    core_banking: Literal["sql", "http"] = "sql"
    """Where accounts are: the demo books in our own database, or the bank's core (docs/core-banking.openapi.yaml)."""
    core_url: str | None = None
    core_token: SecretStr | None = None
    core_timeout_s: float = Field(2.0, gt=0)

    crm: Literal["sql", "zoho", "fxiaoke"] = "sql"
    """Where customers and cases are: our own database, Zoho CRM or 纷享销客 (docs/crm.md)."""
    crm_mapping_file: Path | None = None
    """Names of the CRM's objects and fields; examples in `examples/crm`."""
    crm_timeout_s: float = Field(2.0, gt=0)
    """Longest time for one request to the CRM."""
    zoho_accounts_url: str = "https://accounts.zoho.com.cn"
    zoho_api_url: str = "https://www.zohoapis.com.cn"
    """Used only where a token comes without the address it is good for."""
    zoho_client_id: str | None = None
    zoho_client_secret: SecretStr | None = None
    zoho_refresh_token: SecretStr | None = None
    fxiaoke_url: str = "https://open.fxiaoke.com"
    """The API of the cloud on which the tenant is; another cloud has another."""
    fxiaoke_auth: Literal["bearer", "legacy"] = "bearer"
    """How calls say who is calling: the current way in headers, or the legacy corpAccessToken in bodies."""
    fxiaoke_app_id: str | None = None
    fxiaoke_app_secret: SecretStr | None = None
    fxiaoke_permanent_code: SecretStr | None = None
    fxiaoke_user_id: str | None = None
    """The employee we act as; without it, the one with the number `fxiaoke_user_mobile`."""
    fxiaoke_user_mobile: str | None = None

    wechat_app_id: str | None = None
    """The Official Account. Without one the channel is off; in development the simulator's account stands in."""
    wechat_app_secret: SecretStr | None = None
    wechat_token: SecretStr | None = None
    """Signs what WeChat pushes."""
    wechat_encoding_aes_key: SecretStr | None = None
    """EncodingAESKey, 43 characters."""
    wechat_public_url: str | None = None
    """Where WeChat and its users' browsers reach the gateway, without a path."""
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_open_url: str = "https://open.weixin.qq.com"
    wechat_verified: bool = False
    """Whether the account is verified (已认证) and may send msgmenu."""
    wechat_passive_s: float = Field(4.5, gt=0, lt=5)
    """How long a push waits for its answer before it is only acknowledged; WeChat cuts at 5."""
    bank_site_url: str | None = None
    """Where the products' pages lie, without a path. Without it WeChat shows products as text, not as articles."""
    wechat_timestamp_window_s: int = Field(300, ge=1)
    """How old a push may be."""
    wechat_unbind_after_days: int = Field(30, ge=1)
    """A bound user who unfollowed this long ago is bound no more."""
    wechat_simulator_port: int = 8010

    crm_look_s: float = Field(5.0, gt=0)
    """How often the outbox of the CRM is looked at when nothing nudges it."""
    crm_retry_first_s: float = Field(5.0, gt=0)
    crm_retry_most_s: float = Field(900.0, gt=0)
    """Pauses between tries of a write double from the first to the longest."""

    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Encrypts what waits in inboxes and outboxes, keys code hashes and cookies; at least 32 characters."""
    vault_keys: dict[str, SecretStr] = Field({"development": SecretStr(DEVELOPMENT_SECRET)}, min_length=1)
    """Key id → secret under which the keys of sealed personal data are wrapped; the last one is current. JSON."""
    site_token_keys: dict[str, SecretStr] = {"demo": SecretStr(DEVELOPMENT_SECRET)}
    """Key id → secret with which the bank's site signs its customers' tokens, or public key (PEM) of it. JSON."""
    site_token_audience: str = "zhanggui"  # noqa: S105 - a name, not a secret

    sms: Literal["console", "http", "none"] = "console"
    """How one-time codes are sent: printed for the developer, through the bank's SMS gateway, or not at all."""
    sms_url: str | None = None
    """Where the bank's SMS gateway takes messages (docs/identity.md)."""
    sms_key_id: str | None = None
    sms_secret: SecretStr | None = None
    """Signs requests to the SMS gateway; at least 32 characters."""
    sms_timeout_s: float = Field(5.0, gt=0)
    """How long one try may take; there are three."""
    code_ttl_s: int = 300
    code_tries: int = 3
    code_lock_s: int = 900
    code_resend_s: int = 60
    code_sends_per_day: int = Field(10, ge=1)
    """Codes in 24 hours to one phone and from one conversation; those a stranger asks for are counted apart."""

    embedding_model: str | None = None
    """Name or path of a pretrained sentence-transformers model; none means the model trained at build."""
    service_hours_file: FilePath | None = None
    """When people serve (docs/handoff.md; an example in `examples`). Without it somebody always does."""
    ticket_reply_s: int = Field(7200, ge=60)
    """Business time within which a message that was left is answered."""
    agent_capacity: int = Field(5, ge=1)
    """Conversations an agent serves at once, for whom a supervisor has not set another number."""
    first_reply_s: int = Field(60, ge=1)
    """Business time within which an agent has spoken to who asked for one."""
    next_reply_s: int = Field(180, ge=1)
    """Business time within which an agent answers."""
    resolution_s: int = Field(1800, ge=1)
    """Business time within which a service ends."""
    idle_warning_s: int = Field(600, ge=1)
    """After this much silence of the customer an agent's service is about to end."""
    idle_close_s: int = Field(180, ge=1)
    """From that warning until the end."""
    vip_segments: list[str] = ["私人银行客户"]
    """Segments of the CRM whose customers are served before others."""
    misses_before_handoff: int = Field(2, ge=1)
    max_message_chars: int = Field(2000, ge=1)
    sessions_per_minute: int = Field(120, ge=1)
    """New sessions a minute from one address; a bank's branch or a mobile network's customers may share one."""
    messages_per_minute: int = Field(40, ge=1)
    """Messages a minute in one conversation, on the web or in WeChat."""
    messages_per_minute_of_customer: int = Field(60, ge=1)
    """Messages a minute of one customer in all tabs and channels."""
    messages_per_minute_from_address: int = Field(600, ge=1)
    """Messages a minute from one address."""
    codes_per_minute_from_address: int = Field(60, ge=1)
    """One-time codes a minute tried from one address, or asked for on the page that binds WeChat users."""
    bindings_per_minute_from_address: int = Field(120, ge=1)
    """Opened pages a minute on which WeChat users are bound, from one address."""
    binding_tries_per_minute: int = Field(10, ge=1)
    """Numbers and codes a minute on one such page."""
    logins_per_minute: int = Field(10, ge=1)
    """Attempts a minute to sign in as one agent."""
    logins_per_minute_from_address: int = Field(60, ge=1)
    """Attempts a minute to sign in to the desk from one address."""
    frames_per_minute: int = Field(120, ge=1)
    """Frames a minute that a page sends on its stream."""
    streams_per_visitor: int = Field(10, ge=1)
    """Streams one conversation or one agent holds open, one a tab; in each gateway process."""
    streams_per_address: int = Field(500, ge=1)
    """Streams open from one address; in each gateway process."""
    desk: Literal["own", "chatwoot"] = "own"
    """Where agents work: at our own desk, or in Chatwoot, with our own desk beside it (docs/handoff-outside.md)."""
    chatwoot_url: str | None = None
    """Chatwoot's address, without a path."""
    chatwoot_account_id: int | None = None
    chatwoot_inbox_id: int | None = None
    """An inbox of the kind API channel."""
    chatwoot_token: SecretStr | None = None
    """Access token of an administrator's account made for this."""
    chatwoot_webhook_secret: SecretStr | None = None
    """Signs what Chatwoot pushes."""
    chatwoot_timeout_s: float = Field(5.0, gt=0)
    """How long one request to Chatwoot may take."""
    desk_totp: Literal["required", "optional"] = "required"
    """Whether agents need the code of an authenticator app; optional in development unless set, never in production."""
    desk_idle_s: int = Field(900, ge=60)
    """A desk session locks after this much disuse by a person."""
    desk_session_s: int = Field(43_200, ge=60)
    """A desk session ends this long after signing in."""
    login_tries: int = Field(5, ge=1)
    login_lock_s: int = Field(900, ge=1)
    """After so many wrong passwords or codes in a row a login is locked for so long."""
    reveals_per_minute: int = Field(10, ge=1)
    """Masked values one agent may have shown a minute."""
    session_ttl_s: int = 43_200
    """A customer's session ends after this much disuse."""
    segment_idle_s: int = 1800
    """After this much silence the next message starts a fresh dialogue (Rasa slows as a tracker grows)."""
    complaint_answer_days: int = Field(15, ge=1, le=15)
    """Calendar days until a complaint is answered; no longer than 银行业保险业消费投诉处理管理办法 allows."""
    complaint_complex_days: int = Field(30, ge=1, le=30)
    """The same where the matter is complex."""
    complaint_extension_days: int = Field(30, ge=1, le=30)
    """Added once a supervisor has approved; 60 days in all at most."""
    complaint_warning_days: int = Field(3, ge=0)
    """The desk warns of an answer due within so many days."""
    complaint_reopen_days: int = Field(30, ge=0)
    """How long after its close a customer may have a complaint looked at again."""

    retain_message_days: int = Field(1095, ge=1)
    """What was said, whose conversation it is, agents' notes: as long as claims may be brought (民法典 188)."""
    retain_sealed_days: int = Field(180, ge=1)
    """Sealed values after the last word of their conversation; then their keys are destroyed."""
    retain_tracker_days: int = Field(30, ge=1)
    """Rasa's memory of a dialogue after its last event."""
    retain_code_days: int = Field(30, ge=1)
    """One-time codes, their limits, and the development outbox of short messages."""
    retain_session_days: int = Field(7, ge=1)
    """Sessions of customers and agents after their end."""
    retain_wechat_days: int = Field(7, ge=1)
    """What WeChat pushed, was answered, and may be sent, after it was last of use."""
    retain_miss_days: int = Field(365, ge=1)
    """Questions without an answer."""
    retain_rating_days: int = Field(1095, ge=1)
    retain_complaint_days: int = Field(1825, ge=1095)
    """Complaints after their end; no less than the three years in which claims may be brought (民法典 188)."""
    retain_audit_days: int = Field(1825, ge=183)
    """The audit log; 网络安全法 asks for six months at least."""

    var_dir: Path = ROOT / "var"
    models_dir: Path = ROOT / "models"
    knowledge_dir: Path = ROOT / "knowledge_base"
    domain_file: Path = ROOT / "domain.yml"

    @field_validator("trusted_proxies")
    @classmethod
    def _are_proxies(cls, proxies: list[str]) -> list[str]:
        for proxy in proxies:
            if ip_network(proxy).prefixlen == 0:  # raises ValueError
                raise ValueError(f"{proxy} would let anybody say who the client is")
        return proxies

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: list[str]) -> list[str]:
        """As browsers write them: they go into headers and are compared with what browsers send."""
        for origin in origins:
            if re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", origin) is None:
                raise ValueError(f"ALLOWED_ORIGINS: {origin!r} is not like https://www.bank.example")
        return origins

    @field_validator("metrics_networks")
    @classmethod
    def _are_networks(cls, networks: list[str]) -> list[str]:
        for network in networks:
            ip_network(network)  # raises ValueError
        return networks

    @model_validator(mode="after")
    def _are_whole(self) -> "Settings":
        """Everything that is wrong is told at once, a line each."""
        if self.wechat_app_id is None and self.environment == "development":
            self._use_the_simulator()
        if self.environment == "development" and "desk_totp" not in self.model_fields_set:
            self.desk_totp = "optional"
        problems = list(incomplete(self))
        if self.environment == "production":
            problems += unfit(self)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _use_the_simulator(self) -> None:
        """An account that only `python -m bot wechat simulate` knows; verified, so that everything can be tried."""
        gateway = f"{self.gateway_scheme}://127.0.0.1:{self.gateway_port}"
        simulator = f"http://127.0.0.1:{self.wechat_simulator_port}"
        simulated = {
            "wechat_app_id": SIMULATED_APP_ID,
            "wechat_app_secret": SecretStr(DEVELOPMENT_SECRET),
            "wechat_token": SecretStr(DEVELOPMENT_SECRET),
            "wechat_encoding_aes_key": SecretStr(SIMULATED_AES_KEY),
            "wechat_public_url": gateway,
            "wechat_api_url": simulator,
            "wechat_open_url": simulator,
            "wechat_verified": True,
            "bank_site_url": gateway,
        }
        for name in simulated.keys() - self.model_fields_set:
            setattr(self, name, simulated[name])

    @property
    def gateway_scheme(self) -> str:
        """What the gateway itself speaks; a proxy in front of it may speak https all the same."""
        return "https" if self.tls_cert_file else "http"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def action_url(self) -> str:
        return f"http://127.0.0.1:{self.action_port}/webhook"

    @property
    def hit_test_url(self) -> str:
        return f"http://127.0.0.1:{self.action_port}/hit-test"

    @property
    def tracker_file(self) -> Path:
        """Where Rasa keeps its trackers."""
        return self.var_dir / "rasa.db"

    @property
    def index_dir(self) -> Path:
        """Where the built FAQ index lies."""
        return self.models_dir / "knowledge"


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
