"""A store on this machine that speaks the protocols of Google's, in a process of its own.

    python tests/engines/spark/google_store.py PORT BUCKET

It must be one: pyarrow holds the lock of the interpreter while it waits for Google's library.
"""

import http.server
import sys
import zlib
from email.utils import formatdate

http.server.HTTPServer = http.server.ThreadingHTTPServer  # type: ignore[misc] # clients keep connections open

from gcp_storage_emulator import server  # noqa: E402 - it takes the class above


class GoogleHandler(server.RequestHandler):  # type: ignore[misc] # untyped
    """Adds the headers that the emulator leaves out and polars asks for."""

    def end_headers(self) -> None:
        self.send_header("ETag", f'"{zlib.crc32(self.path.encode())}"')
        self.send_header("Last-Modified", formatdate(0, usegmt=True))
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


if __name__ == "__main__":
    server.RequestHandler = GoogleHandler
    port, bucket = sys.argv[1:]
    server.create_server("127.0.0.1", int(port), in_memory=True, default_bucket=bucket).run()
