"""What the processes count, served at `/metrics` for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

TURNS = Counter("zhanggui_turns_total", "Customer messages answered by the bot", ["outcome"])
TURN_SECONDS = Histogram(
    "zhanggui_turn_seconds", "From taking a message up to its answer", buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
)
FAULTS = Counter("zhanggui_faults_total", "Faults a customer would have noticed", ["part"])
HANDOFFS = Counter("zhanggui_handoffs_total", "Conversations queued for a person", ["reason"])
QUEUED = Gauge("zhanggui_queued_conversations", "Conversations waiting for a person")
STREAMS = Gauge("zhanggui_open_streams", "Open WebSockets", ["side"])
