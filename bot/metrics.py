"""What the processes count, served at `/metrics` for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

TURNS = Counter("zhanggui_turns_total", "Customer messages answered by the bot", ["outcome"])
TURN_SECONDS = Histogram(
    "zhanggui_turn_seconds", "From taking a message up to its answer", buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
)
FAULTS = Counter("zhanggui_faults_total", "Faults a customer would have noticed", ["part"])
HANDOFFS = Counter("zhanggui_handoffs_total", "Conversations queued for a person", ["reason"])
QUEUED = Gauge("zhanggui_queued_conversations", "Conversations waiting for a person")
AGENTS_ONLINE = Gauge("zhanggui_agents_online", "Agents who are there and take conversations")
SERVICE_CLOCKS = Gauge(
    "zhanggui_service_clocks", "Clocks of open services that warn or are breached", ["clock", "standing"]
)
SERVICE_SECONDS = Histogram(
    "zhanggui_service_seconds",
    "Business time until the first reply and until the end",
    ["clock"],
    buckets=(10, 30, 60, 120, 300, 600, 1800, 3600, 14400),
)
STREAMS = Gauge("zhanggui_open_streams", "Open WebSockets", ["side"])
BREAKERS = Gauge("zhanggui_breaker_state", "0 closed, 1 trying again, 2 open: the system is left alone", ["system"])
CRM_OUTBOX = Gauge("zhanggui_crm_outbox", "Writes the CRM has not taken yet", ["state"])
WECHAT_CALLS = Counter("zhanggui_wechat_calls_total", "Calls to WeChat's API by errcode (0: done)", ["api", "outcome"])
WECHAT_DELIVERED = Counter("zhanggui_wechat_delivered_total", "Messages handed to WeChat: reply, push", ["by"])
WECHAT_REFUSED = Counter(
    "zhanggui_wechat_refused_total", "Requests to /wechat that were not WeChat's, or unreadable", ["code"]
)
SMS = Counter("zhanggui_sms_total", "Short messages by what became of them at the SMS gateway", ["outcome"])
FEEDBACK = Counter(
    "zhanggui_answer_feedback_total", "What customers think of answers of the knowledge base", ["useful"]
)
OUTSIDE_LINES = Counter(
    "zhanggui_outside_desk_lines_total", "Lines for the desk outside: sent, or why a try failed", ["outcome"]
)
