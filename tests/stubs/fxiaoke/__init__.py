"""A stand-in for 纷享销客's open API, in both ways of authorisation; see docs/crm.md."""
