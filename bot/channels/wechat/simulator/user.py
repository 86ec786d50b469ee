"""What a person does on the phone, turned into what WeChat pushes for it."""

import secrets
from typing import Any

from bot.channels.wechat.simulator.account import Account
from bot.channels.wechat.simulator.media import MediaStore
from bot.channels.wechat.simulator.phone import Phone
from bot.channels.wechat.simulator.push import Pusher
from bot.channels.wechat.simulator.quota import Occasion
from bot.channels.wechat.simulator.xml import Fields


class User:
    """One person with one phone. Each method returns when WeChat is done with it: answered, or given up."""

    def __init__(self, phone: Phone, account: Account, pusher: Pusher, media: MediaStore) -> None:
        self.phone = phone
        self._account = account
        self._pusher = pusher
        self._media = media

    async def follow(self, scene: str = "") -> None:
        """Follow the account, perhaps by scanning a code with a scene."""
        self.phone.follows = True
        self.phone.notice("您已关注公众号")
        self.phone.quota.open(Occasion.FOLLOW)
        key = {"EventKey": f"qrscene_{scene}", "Ticket": secrets.token_urlsafe(48)} if scene else {"EventKey": ""}
        await self._event("subscribe", **key)

    async def unfollow(self) -> None:
        """Unfollow: nothing can be sent to this phone any more."""
        self.phone.follows = False
        self.phone.quota.close()
        self.phone.notice("您已取消关注")
        await self._event("unsubscribe", EventKey="")

    async def scan(self, scene: str) -> None:
        """Scan a code of the account: a SCAN for followers, a follow with the scene for everybody else."""
        if not self.phone.follows:
            await self.follow(scene)
            return
        self.phone.notice("您扫描了公众号的二维码")
        self.phone.quota.open(Occasion.SCAN)
        await self._event("SCAN", EventKey=scene, Ticket=secrets.token_urlsafe(48))

    async def tap(self, button: dict[str, Any]) -> None:
        """Tap a button of the menu bar."""
        if button["type"] == "view":
            await self._event("VIEW", EventKey=button["url"])
        else:
            self.phone.quota.open(Occasion.MENU)
            await self._event("CLICK", EventKey=button["key"])

    async def text(self, text: str, *, msg_id: int | None = None) -> None:
        """Send a text; with the `msg_id` of an earlier one WeChat only tries again to deliver that."""
        self.phone.sent("text", text=text)
        self.phone.quota.open(Occasion.MESSAGE)
        await self._pusher.message(self.phone, {"MsgType": "text", "Content": text}, msg_id)

    async def choose(self, item: dict[str, str]) -> None:
        """Tap an item of a msgmenu: its text is sent, but counts as a menu click and prolongs nothing."""
        self.phone.sent("text", text=item["content"])
        self.phone.quota.open(Occasion.MENU)
        fields: Fields = {"MsgType": "text", "Content": item["content"], "bizmsgmenuid": item["id"]}
        await self._pusher.message(self.phone, fields)

    async def voice(self, recognised: str) -> None:
        """Say something; what WeChat understood goes along when the account has recognition switched on."""
        self.phone.sent("voice", text=recognised)
        recognition = {"Recognition": recognised} if self._account.recognises_voice else {}
        await self._message("voice", MediaId=self._media.add(b"#!AMR\n", "audio/amr"), Format="amr", **recognition)

    async def picture(self, content: bytes, content_type: str) -> None:
        """Send a picture."""
        media_id = self._media.add(content, content_type)
        self.phone.sent("image", media_id=media_id)
        await self._message("image", PicUrl=self._media.url(media_id), MediaId=media_id)

    async def video(self) -> None:
        """Send a short video."""
        self.phone.sent("video")
        thumb = self._media.add(b"\xff\xd8\xff\xd9", "image/jpeg")
        await self._message("video", MediaId=self._media.add(b"", "video/mp4"), ThumbMediaId=thumb)

    async def location(self, label: str, latitude: float, longitude: float) -> None:
        """Send a place; degrees."""
        self.phone.sent("location", text=label)
        place = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}"}
        await self._message("location", **place, Scale=16, Label=label)

    async def link(self, title: str, url: str) -> None:
        """Send an article."""
        self.phone.sent("link", title=title, url=url)
        await self._message("link", Title=title, Description="", Url=url)

    async def _message(self, kind: str, **fields: str | int) -> None:
        self.phone.quota.open(Occasion.MESSAGE)
        await self._pusher.message(self.phone, {"MsgType": kind, **fields})

    async def _event(self, event: str, **fields: str) -> None:
        await self._pusher.event(self.phone, {"MsgType": "event", "Event": event, **fields})
