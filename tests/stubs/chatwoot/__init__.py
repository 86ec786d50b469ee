"""A stand-in for Chatwoot with one account and one inbox of the kind API channel; see docs/handoff-outside.md."""
