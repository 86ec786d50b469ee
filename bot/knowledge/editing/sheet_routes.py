"""Entries of the knowledge base as files for a spreadsheet, out and in."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from bot.channels.services import Services
from bot.knowledge.editing.refusals import refusals
from bot.knowledge.editing.routes import Editor, Reader
from bot.knowledge.editing.sheets import sheet_of
from bot.spreadsheet import CSV, XLSX, to_csv, to_xlsx
from bot.staff.access import desk_router

router = desk_router("/knowledge", Depends(refusals))
SHEET = "/api/desk/knowledge/sheet"
MAX_SHEET_BYTES = 4 * 1024 * 1024
"""Some thousand entries."""


@router.get("/sheet", response_class=Response, responses={200: {"content": {CSV: {}, XLSX: {}}}})
async def export(
    gateway: Services, _agent: Reader, kind: Annotated[Literal["xlsx", "csv"], Query(alias="format")] = "xlsx"
) -> Response:
    """All written entries as they hold now."""
    sheet = sheet_of(await gateway.knowledge.current.records())
    content = to_csv(sheet) if kind == "csv" else await asyncio.to_thread(to_xlsx, [sheet])
    headers = {"Content-Disposition": f'attachment; filename="knowledge.{kind}"'}
    return Response(content, media_type=CSV if kind == "csv" else XLSX, headers=headers)


@router.post("/sheet", openapi_extra={"requestBody": {"required": True, "content": {CSV: {}, XLSX: {}}}})
async def take(gateway: Services, editor: Editor, request: Request) -> dict[str, Any]:
    """Take a file of the same columns in: good rows become drafts, of each bad one it is told why."""
    report = await gateway.knowledge.sheet_import.take(editor, await request.body())
    return {
        "drafts": [draft.entry_id for draft in report.drafts],
        "unchanged": report.unchanged,
        "bad": [asdict(cell) for cell in report.bad],
    }
