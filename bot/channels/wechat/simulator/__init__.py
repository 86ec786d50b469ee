"""A program that behaves towards the gateway as WeChat does, with a page that shows what a phone would show."""
