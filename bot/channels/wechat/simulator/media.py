"""Temporary media: what users send, and what the account uploads."""

import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Media:
    """A file as it was sent."""

    content: bytes
    content_type: str


class MediaStore:
    """Keeps files while the simulator runs."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._files: dict[str, Media] = {}

    def add(self, content: bytes, content_type: str) -> str:
        """Keep a file; its media id."""
        media_id = secrets.token_urlsafe(48)
        self._files[media_id] = Media(content, content_type)
        return media_id

    def get(self, media_id: str) -> Media | None:
        """The file, if there is one of this id."""
        return self._files.get(media_id)

    def url(self, media_id: str) -> str:
        """Where a picture can be seen by anybody who knows its address, PicUrl."""
        return f"{self._public_url}/pictures/{media_id}"
