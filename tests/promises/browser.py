"""A real browser without a window, driven over a pipe: what it shows, loads and complains about.

Chromium's own protocol, as JSON ended by NUL over two file descriptors, does everything that is
needed here: no driver, no port, nothing to install beside the browser.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")

SECONDS = 60
"""How long an answer may take; a busy machine starts a browser slowly."""

READS, WRITES = 3, 4
"""The descriptors that the browser reads commands from and writes its answers to."""

A4 = 595, 842
"""Points."""

START = f"import os, sys; os.dup2(int(sys.argv[1]), {READS}); os.dup2(int(sys.argv[2]), {WRITES}); "
START += "os.execv(sys.argv[3], sys.argv[3:])"


class Sheet(NamedTuple):
    """A page of a PDF: its size in points."""

    width: int
    height: int


class Browser:
    """One tab. `loads` and `faults` collect what the page requested and what went wrong."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._session = ""
        self._sent = 0
        self._read = b""
        self._loaded = False
        self.loads: list[str] = []
        self.faults: list[str] = []

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; events that arrive meanwhile are noted."""
        self._sent += 1
        command = {"id": self._sent, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == self._sent:
                assert "error" not in message, (method, message["error"])
                return dict(message["result"])
            self._note(message)

    def open_tab(self) -> None:
        """Open the tab that everything happens in."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def show(self, path: Path, *, width: int = 1000, scheme: str = "light") -> None:
        """Load a file in a window of this many pixels, for a reader with this colour scheme."""
        self.loads.clear()
        self.faults.clear()
        self._loaded = False
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.prefer(scheme)
        self.call("Page.navigate", url=path.as_uri())
        while not self._loaded:
            self._note(self._next())

    def prefer(self, scheme: str, *, media: str = "") -> None:
        """Set the reader's colour scheme, light or dark; media `print` is as on paper."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def value(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; ours may run where the page's may not."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def pixel(self) -> tuple[int, ...]:
        """Return red, green and blue of the upper left corner."""
        clip = {"x": 0, "y": 0, "width": 1, "height": 1, "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", clip=clip)
        return first_pixel(base64.b64decode(shot["data"]))

    def printed(self) -> list[Sheet]:
        """Return the sheets of the printed page."""
        pdf = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", base64.b64decode(pdf["data"]))
        return [Sheet(round(float(wide)), round(float(high))) for wide, high in boxes]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._answers], [], [], SECONDS)
            chunk = os.read(self._answers, 2**16) if ready else b""
            assert chunk, "the browser fell silent"
            self._read += chunk
        message, _, self._read = self._read.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Page.loadEventFired":
                self._loaded = True
            case "Network.requestWillBeSent":
                self.loads.append(params["request"]["url"])
            case "Log.entryAdded":
                self.faults.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.faults.append(json.dumps(params))


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Browser]:
    """Yield a browser that keeps its files in a folder, and ends with the test."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # High numbers, so that neither takes the place of the other one.
    theirs = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (theirs_in, theirs_out)]
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
    flags += ["--no-first-run", "--disable-background-networking", f"--user-data-dir={folder}"]
    program = subprocess.Popen(
        [sys.executable, "-c", START, *map(str, theirs), str(PROGRAM), *flags],
        pass_fds=theirs,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for descriptor in (theirs_in, theirs_out, *theirs):
        os.close(descriptor)
    try:
        browser = Browser(ours_out, ours_in)
        browser.open_tab()
        yield browser
    finally:
        # It exits with all its children when nobody talks to it any more.
        os.close(ours_out)
        os.close(ours_in)
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def first_pixel(png: bytes) -> tuple[int, ...]:
    """Return red, green and blue of the first pixel of a PNG with eight bits each."""
    data, place = b"", 8
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + size]
        place += size + 12
    # A filter's number comes first; at the first pixel every filter leaves the bytes as they are.
    return tuple(zlib.decompress(data)[1:4])
