"""A door whose keeper serves what they like: it copies another and changes what it hands out."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

import httpx
import msgspec

from beanjar.web.inventory import Source, SourceFile


class FalseDoor:
    """Serves `pages`: what is at each path. They can be changed while it does."""

    def __init__(self, copied: str) -> None:
        """Begin with all that the door at this URL says that its pages load."""
        with httpx.Client(base_url=copied) as client:
            listed = client.get("/source.json").content
            self.source = msgspec.json.decode(listed, type=Source)
            paths = ["/", "/source.json", *(each.address for each in self.source.files)]
            self.pages = {path: client.get(path).content for path in paths}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def find(self, name: str) -> SourceFile:
        return next(each for each in self.source.files if each.name == name)

    def list(self, *files: SourceFile, version: str | None = None) -> None:
        """Say that these are the files."""
        version = version or self.source.version
        listed = Source(version, list(files), self.source.packages)
        self.pages["/source.json"] = msgspec.json.encode(listed)

    def relist(self, changed: SourceFile, version: str | None = None) -> None:
        """Say of the file with this name that it is as here."""
        files = [changed if each.name == changed.name else each for each in self.source.files]
        self.list(*files, version=version)

    def __enter__(self) -> Self:
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = pages.get(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("content-length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
