"""The account's menu as WeChat takes it, with WeChat's own limits."""

from typing import Any

MAX_TOP, MAX_SUB = 3, 5
MAX_TOP_NAME, MAX_SUB_NAME, MAX_KEY, MAX_URL = 16, 60, 128, 1024  # bytes


class Menu:
    """What is shown at the bottom of the chat; empty until something is published."""

    def __init__(self) -> None:
        self.buttons: list[dict[str, Any]] = []

    def publish(self, buttons: Any) -> int:
        """Take a new menu; WeChat's error code, 0 when it was taken."""
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= MAX_TOP:
            return 40016
        for button in buttons:
            code = _problem_of_top(button)
            if code:
                return code
        self.buttons = buttons
        return 0

    def button(self, *place: int) -> dict[str, Any]:
        """The button at `place`: its number in the bar and, for a sub-button, its number there. IndexError if none."""
        found = self.buttons[place[0]]
        for number in place[1:]:
            found = found["sub_button"][number]
        return found


def _problem_of_top(button: dict[str, Any]) -> int:
    if _size(button.get("name")) not in range(1, MAX_TOP_NAME + 1):
        return 40018
    below = button.get("sub_button", [])
    if len(below) > MAX_SUB:
        return 40023
    if not below:
        return _problem_of_action(button)
    for sub in below:
        if _size(sub.get("name")) not in range(1, MAX_SUB_NAME + 1):
            return 40025
        code = _problem_of_action(sub)
        if code:
            return code
    return 0


def _problem_of_action(button: dict[str, Any]) -> int:
    if button.get("type") == "click":
        return 0 if _size(button.get("key")) in range(1, MAX_KEY + 1) else 40019
    if button.get("type") == "view":
        return 0 if _size(button.get("url")) in range(1, MAX_URL + 1) else 40020
    return 40017


def _size(value: object) -> int:
    return len(value.encode()) if isinstance(value, str) else 0
