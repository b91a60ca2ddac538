"""Photos in an S3-compatible bucket, through obstore."""

from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store as Bucket

from server.core.errors import NotFound, Unavailable
from server.photos.keys import checked

if TYPE_CHECKING:
    from obstore.store import ObjectStore, S3Config

AWAY = "照片仓库暂时连不上，请稍后再试。报修内容不受影响。"


class S3Store:
    """Any object store that obstore speaks to; an object appears only once it is whole."""

    def __init__(self, bucket: "ObjectStore") -> None:
        self.bucket = bucket

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes, or Unavailable."""
        try:
            obstore.put(self.bucket, checked(key), data, use_multipart=False)
        except (BaseError, OSError) as error:
            raise Unavailable(AWAY) from error

    def open(self, key: str) -> bytes:
        """The bytes that were put, or NotFound, or Unavailable."""
        try:
            return bytes(obstore.get(self.bucket, checked(key)).bytes())
        except FileNotFoundError:
            raise NotFound("这张照片已经不在了。") from None
        except (BaseError, OSError) as error:
            raise Unavailable(AWAY) from error

    def delete(self, key: str) -> None:
        """Forget the bytes; no matter if there were none."""
        try:
            obstore.delete(self.bucket, checked(key))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Unavailable(AWAY) from error


def open_bucket(url: str, *, endpoint: str = "", path_style: bool = False) -> Bucket:
    """The bucket of `s3://bucket/prefix`; keys and region come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.

    An endpoint over plain http is taken only when it is written so.
    """
    config: S3Config = {"endpoint": endpoint} if endpoint else {}
    return Bucket.from_url(
        url,
        config=config,
        virtual_hosted_style_request=not path_style,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": timedelta(seconds=10),
            "connect_timeout": timedelta(seconds=3),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=15)},
    )
