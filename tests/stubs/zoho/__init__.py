"""A stand-in for Zoho CRM's REST interface, version 8; see docs/crm.md."""
