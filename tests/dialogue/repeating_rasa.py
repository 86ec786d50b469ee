"""Rasa's own server with the channels of `credentials.yml` and no model: it repeats what it is told. Python 3.10."""

import sys

from rasa.core.run import configure_app, create_http_input_channels


class Tracker:
    active_loop_name = "complaint_form"


class Trackers:
    async def retrieve(self, sender):
        return Tracker() if sender == "in_form.1" else None


class Agent:
    tracker_store = Trackers()

    async def parse_message(self, text):
        return {"intent": {"name": "check_points" if "积分" in text else "check_balance", "confidence": 0.9}}

    async def handle_message(self, message):
        if message.text == "fail":
            raise RuntimeError("secret cause")
        said = "|".join([message.text, *(message.metadata or {}).values()])
        await message.output_channel.send_text_message(message.sender_id, said)


if __name__ == "__main__":
    app = configure_app(create_http_input_channels(None, "credentials.yml"), enable_api=False)
    app.ctx.agent = Agent()
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False)
