"""Files people and the bot have sent. Ids are stable within one run; sizes are bytes."""

import mimetypes
import struct
from dataclasses import dataclass
from typing import Any

from playground.telegram.errors import ApiError, bad_request
from playground.telegram.params import Params, Upload

SEND_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """One file; `path` is what getFile tells."""

    file_id: str
    name: str
    content: bytes
    mime_type: str
    path: str

    def as_document(self) -> dict[str, Any]:
        return {"file_name": self.name, "mime_type": self.mime_type, **self.as_file()}

    def as_file(self) -> dict[str, Any]:
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_size": len(self.content),
        }

    def as_photo(self) -> list[dict[str, Any]]:
        width, height = png_size(self.content) or (800, 600)
        return [{**self.as_file(), "width": width, "height": height}]


class Files:
    """All files of this run, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def keep(self, name: str, content: bytes, *, folder: str = "documents") -> StoredFile:
        number = len(self._by_id) + 1
        suffix = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
        kept = StoredFile(
            file_id=f"PLAYGROUND-{folder[0]}{number:06}",
            name=name,
            content=content,
            mime_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            path=f"{folder}/file_{number}{suffix}",
        )
        self._by_id[kept.file_id] = kept
        return kept

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((kept for kept in self._by_id.values() if kept.path == path), None)

    def given(self, params: Params, field: str, folder: str) -> StoredFile:
        """The file a call speaks of: an `attach://` part, a part of the field's own name, or a
        known id.
        """
        upload = params.files.get(field)
        value = params.text(field)
        if value.startswith("attach://"):
            upload = params.files.get(value.removeprefix("attach://"))
            if upload is None:
                raise bad_request("file not found in the request")
        if upload is None:
            known = self.get(value)
            if known is None:
                raise bad_request("wrong file identifier/HTTP URL specified")
            return known
        _check_size(upload, folder)
        return self.keep(upload.filename, upload.content, folder=folder)


def _check_size(upload: Upload, folder: str) -> None:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > SEND_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if folder == "photos" and len(upload.content) > PHOTO_LIMIT:
        raise bad_request("file is too big for a photo")


def png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, from a PNG's header."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height
