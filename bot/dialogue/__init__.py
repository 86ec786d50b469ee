"""What runs inside the Rasa server (Python 3.10) beside the components of `bot/nlu`; imports nothing else of `bot`."""
