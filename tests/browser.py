# SPDX-License-Identifier: MIT
"""A page in headless Chromium, driven by its debugging protocol over a pipe.

    page = browser.open_page("run.html")
    page.run("document.title")            what an expression gives
    page.key("ArrowRight"), page.mouse("mouseMoved", x, y)
    page.pixels()                         a screenshot: pixels[y][x] is (r, g, b)

Whatever the page throws, says on its console or asks of a network is an error.
"""
import atexit, base64, fcntl, json, os, shutil, struct, subprocess, sys, tempfile, zlib

KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, "ArrowUp": 38, "Tab": 9,
        "Enter": 13, "Escape": 27, "Home": 36, "End": 35}


def find():
    """The program, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    return None


class Page:
    def __init__(self, path, width, height, dark):
        # Its sockets have no room for a long TMPDIR.
        self.directory = tempfile.mkdtemp(prefix="page", dir="/tmp")
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        its_input, self.to = os.pipe()
        self.answers, its_output = os.pipe()
        ends = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (its_input, its_output)]
        self.browser = subprocess.Popen(
            [find(), "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
             "--force-device-scale-factor=1", "--window-size=%d,%d" % (width, height),
             "--user-data-dir=" + self.directory, "--remote-debugging-pipe",
             "about:blank"],
            # It reads its descriptor 3 and writes 4.
            preexec_fn=lambda: (os.dup2(ends[0], 3), os.dup2(ends[1], 4)),
            pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(self.directory, "log"), "w"),
            env=dict(os.environ, HOME=self.directory, TMPDIR=self.directory))
        atexit.register(self.browser.kill)
        for fd in [its_input, its_output] + ends:
            os.close(fd)
        self.buffer, self.number, self.session, self.wrong = b"", 0, None, []
        self.asked, self.loaded = [], False
        targets = self.call("Target.getTargets")["targetInfos"]
        target = [t for t in targets if t["type"] == "page"][0]["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.media(dark)
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not self.loaded:
            self.take(self.read())

    def read(self):
        while b"\0" not in self.buffer:
            more = os.read(self.answers, 1 << 20)
            if not more:
                raise SystemExit("the browser is gone: " + open(
                    os.path.join(self.directory, "log")).read()[-2000:])
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def take(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            self.wrong.append(params["exceptionDetails"])
        elif method == "Runtime.consoleAPICalled":
            self.wrong.append(params["args"])
        elif method == "Log.entryAdded":
            self.wrong.append(params["entry"])
        elif method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.take(answer)

    def run(self, expression):
        result = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise SystemExit("%s: %s" % (expression, result["exceptionDetails"]))
        return result["result"].get("value")

    def text(self, selector):
        return self.run("document.querySelector(%s).innerText" % json.dumps(selector))

    def texts(self, selector):
        return self.run("[...document.querySelectorAll(%s)].map(e => e.innerText)" %
                        json.dumps(selector))

    def media(self, dark=False, printed=False):
        self.call("Emulation.setEmulatedMedia", media="print" if printed else "",
                  features=[{"name": "prefers-color-scheme",
                             "value": "dark" if dark else "light"}])

    def key(self, key):
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key,
                      windowsVirtualKeyCode=KEYS.get(key, ord(key[0])),
                      **(text if kind == "keyDown" else {}))

    def mouse(self, kind, x, y):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                  button="none" if kind == "mouseMoved" else "left", clickCount=1)

    def click(self, x, y):
        self.mouse("mousePressed", x, y)
        self.mouse("mouseReleased", x, y)

    def place(self, selector):
        """Left, top, width and height on the screen, to which it is scrolled."""
        return self.run("""(() => {
            const e = document.querySelector(%s);
            e.scrollIntoView({ block: 'center' });
            const r = e.getBoundingClientRect();
            return [r.left, r.top, r.width, r.height];
        })()""" % json.dumps(selector))

    def screenshot(self, name=None):
        shot = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        if name:
            with open(name, "wb") as out:
                out.write(shot)
        return shot

    def pixels(self):
        return pixels_of(self.screenshot())

    def end(self):
        """Nothing went wrong, and nothing was asked for but the page."""
        assert not self.wrong, self.wrong
        others = [u for u in self.asked if not u.startswith(("file:", "data:"))]
        assert not others, others
        assert len([u for u in self.asked if u.startswith("file:")]) == 1, self.asked
        self.call("Browser.close")
        self.browser.wait()


def pixels_of(png):
    """Of a PNG of 8 bits without interlacing, as the browser makes them."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, bits, colors = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    wide = {2: 3, 6: 4}[colors]
    assert bits == 8
    data, rows, above = zlib.decompress(data), [], bytearray(width * wide)
    for y in range(height):
        start = y * (width * wide + 1)
        row = bytearray(data[start + 1:start + 1 + width * wide])
        unfilter(data[start], row, above, wide)
        rows.append([tuple(row[x * wide:x * wide + 3]) for x in range(width)])
        above = row
    return rows


def unfilter(kind, row, above, wide):
    for i in range(len(row)):
        left = row[i - wide] if i >= wide else 0
        up, corner = above[i], above[i - wide] if i >= wide else 0
        if kind == 1:
            row[i] = (row[i] + left) & 255
        elif kind == 2:
            row[i] = (row[i] + up) & 255
        elif kind == 3:
            row[i] = (row[i] + (left + up) // 2) & 255
        elif kind == 4:
            p = left + up - corner
            nearest = min((left, up, corner), key=lambda b: abs(p - b))
            row[i] = (row[i] + nearest) & 255


def open_page(path, width=1200, height=900, dark=False):
    return Page(path, width, height, dark)
