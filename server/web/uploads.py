"""Photos of a form that is sent without a script: stored first, so that an error elsewhere loses none."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from server.core.errors import HouseError
from server.photos.firsts import unused_photos
from server.photos.links import Size
from server.photos.service import keep_photo, link
from server.reports.filing import PHOTOS_MOST


@dataclass
class Uploads:
    """The photos that a form has now, and what was wrong with the others."""

    ids: list[str] = field(default_factory=list)
    error: str = ""

    def kept(self, *, now: datetime) -> list[dict[str, str]]:
        """As the photo picker shows them again."""
        return [{"id": one, "thumb_url": link(one, Size.THUMB, now=now)} for one in self.ids]


def take_uploads(*, now: datetime, most: int = PHOTOS_MOST) -> Uploads:
    """The form's photos: those stored before and not dropped, then the files that came along."""
    dropped = set(request.form.getlist("drop"))
    known = [one for one in request.form.getlist("photos") if one not in dropped]
    found = Uploads(unused_photos(known[:most]))
    if len(found.ids) < len(dict.fromkeys(known[:most])):
        found.error = "有照片已失效，请重新上传。"
    for file in request.files.getlist("photo"):
        if not file.filename:
            continue
        if len(found.ids) >= most:
            found.error = f"最多 {most} 张照片，多出的没有加上。"
            break
        try:
            found.ids.append(keep_photo(file.read(), now=now)[0].id)
        except HouseError as refused:
            found.error = f"{file.filename}：{refused.message}"
    return found
