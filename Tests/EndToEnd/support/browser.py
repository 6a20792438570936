"""A headless chromium, driven over a pipe by the DevTools protocol, with Python's standard library."""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager

SECONDS = 60


def found():
    """The first browser that runs: what some systems have in its place only asks for another package."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0:
            return path
    return None


BROWSER = found()

# What stands on a page: texts that overlap, and what is wider than the window.
LOOK = """(() => {
  const texts = [...document.querySelectorAll('svg text, .cells a, th, dt, h1, h2, h3, summary')]
    .filter((one) => one.checkVisibility({ contentVisibilityAuto: false }) && one.textContent.trim())
  const boxes = texts.map((one) => {
    let { left, right, top, bottom } = one.getBoundingClientRect()
    const clip = one.parentElement.closest('svg svg')
    if (clip) {
      const around = clip.getBoundingClientRect(), width = clip.width.baseVal.value * clip.getScreenCTM().a
      right = Math.min(right, around.left + width)
    }
    return { one, left, right, top, bottom, text: one.textContent.trim().slice(0, 60) }
  }).filter((box) => box.right > box.left)
  boxes.sort((a, b) => a.top - b.top)
  const overlaps = []
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
      const a = boxes[i], b = boxes[j]
      if (a.one.contains(b.one) || b.one.contains(a.one)) continue
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (wide > 1.5 && high > 3) overlaps.push(`${a.text} / ${b.text}`)
    }
  }
  const outside = boxes.filter((box) => {
    const picture = box.one.closest('.picture')
    if (!picture) return false
    const around = picture.getBoundingClientRect()
    return box.left < around.left - 1.5 || box.right > around.right + 1.5 || box.bottom > around.bottom + 1.5
  }).map((box) => box.text)
  return {
    texts: texts.length, overlaps: overlaps.slice(0, 20), outside: outside.slice(0, 20),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    background: getComputedStyle(document.documentElement).backgroundColor,
    height: document.documentElement.scrollHeight,
  }
})()"""


class Page:
    """One page of the browser."""

    def __init__(self, sending, receiving):
        self._sending, self._receiving = sending, receiving
        self._buffer, self._number, self.complaints, self._events = b"", 0, [], []
        target = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = None
        self._session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")

    def open(self, url, width=1280, dark=False, height=900):
        """Opens a page in a window of that width; gives the milliseconds until it was loaded."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.complaints.clear()
        self._events.clear()
        answer = self._ask("Page.navigate", {"url": url})
        assert "errorText" not in answer, answer
        self._wait_for("Page.loadEventFired")
        # Two frames later all of it is laid out and painted.
        frame = "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))"
        return self.run(f"new Promise((done) => {frame})")

    def run(self, script):
        """What a script gives."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        answer = self._ask("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def look(self):
        """What overlaps, and what is too wide."""
        return self.run(LOOK)

    def keep(self, path, limit=6000):
        """Keeps a picture of the whole page."""
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], limit), "scale": 1}
        asked = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", asked)["data"]))

    def _ask(self, method, parameters=None):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        if getattr(self, "_session", None):
            message["sessionId"] = self._session
        os.write(self._sending, json.dumps(message).encode() + b"\0")
        return self._take(lambda answer: answer.get("id") == self._number)["result"]

    def _wait_for(self, method):
        if not any(event["method"] == method for event in self._events):
            self._take(lambda answer: answer.get("method") == method)

    def _take(self, is_wanted):
        end = time.monotonic() + SECONDS
        while True:
            while b"\0" in self._buffer:
                line, self._buffer = self._buffer.split(b"\0", 1)
                answer = json.loads(line)
                assert "error" not in answer, answer
                self._notice(answer)
                if is_wanted(answer):
                    return answer
            ready, _, _ = select.select([self._receiving], [], [], max(end - time.monotonic(), 0))
            assert ready, f"chromium said nothing for {SECONDS} s"
            piece = os.read(self._receiving, 1 << 20)
            assert piece, "chromium has ended"
            self._buffer += piece

    def _notice(self, answer):
        match answer.get("method"):
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.complaints.append(answer["params"])
            case "Log.entryAdded":
                self.complaints.append(answer["params"]["entry"])
            case "Network.requestWillBeSent":
                url = answer["params"]["request"]["url"]
                self._events.append({"method": "request", "url": url})
                return
        if "method" in answer:
            self._events.append({"method": answer["method"]})

    @property
    def requests(self):
        """The URLs that were asked for since the page was opened, data URLs aside."""
        urls = [event["url"] for event in self._events if event["method"] == "request"]
        return [url for url in urls if not url.startswith("data:")]


@contextmanager
def browser():
    """A page of a chromium of its own, until the block ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        to_browser, sending = os.pipe()
        receiving, from_browser = os.pipe()
        # It reads from descriptor 3 and writes to descriptor 4.
        shell = f"exec {BROWSER} --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
          --no-first-run --hide-scrollbars --remote-debugging-pipe --user-data-dir={profile} \
          3<&{to_browser} 4>&{from_browser}"
        process = subprocess.Popen(
            ["bash", "-c", shell],
            pass_fds=(to_browser, from_browser),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        try:
            yield Page(sending, receiving)
        finally:
            os.close(sending)
            os.close(receiving)
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
