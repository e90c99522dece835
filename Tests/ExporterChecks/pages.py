"""pages.py FOLDER: what Chromium makes of exported pages and pictures, with screenshots."""

import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import websocket

from checks import check, finish, section

folder = pathlib.Path(sys.argv[1])


class Browser:
    """A headless Chromium, driven through its DevTools protocol."""

    def __init__(self):
        self.profile = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0",
             "--remote-allow-origins=*", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        address = next(line.split()[-1] for line in self.process.stderr if line.startswith("DevTools listening"))
        self.socket = websocket.create_connection(address, timeout=60)
        self.events = []
        self.number = 0
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"]:
            self.call(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            reply = json.loads(self.socket.recv())
            if reply.get("id") == self.number:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']}")
                return reply["result"]
            self.events.append(reply)

    def open(self, path, width, height, scheme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events = []
        self.call("Page.navigate", url=path.as_uri())
        deadline = time.monotonic() + 30
        while self.run("document.readyState") != "complete" or self.run("location.href") != path.as_uri():
            if time.monotonic() > deadline:
                raise TimeoutError(str(path))
            time.sleep(0.05)

    def run(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def screenshot(self, name, whole=True):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        (folder / f"{name}.png").write_bytes(base64.b64decode(data))

    def errors(self):
        """What the console said, and what was loaded other than the file."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded":
                found.append(parameters["entry"]["text"])
            elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
                found.append(json.dumps(parameters))
            elif method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(("file:", "data:")):
                found.append(parameters["request"]["url"])
        return found


# The elements that reach over the right edge, outside regions that scroll by themselves.
OVERFLOW = """
(() => {
  const wide = [...document.body.querySelectorAll('*')].filter(e => !e.closest('.scroll > *') &&
    getComputedStyle(e).clipPath === 'none' && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5);
  return JSON.stringify({scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
    wide: wide.slice(0, 5).map(e => e.outerHTML.slice(0, 80))});
})()
"""

# Of every text: its colour against the first opaque background behind it.
CONTRAST = """
(() => {
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const background = e => {
    for (; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const low = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const e = n.parentElement;
    if (!n.data.trim() || e.closest('title, desc')) continue;
    const style = getComputedStyle(e);
    const color = e instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [luminance(parse(color)), luminance(background(e))].sort((x, y) => x - y);
    if ((b + .05) / (a + .05) < 4.5) low.add(`${e.outerHTML.slice(0, 80)} ${color}`);
  }
  return JSON.stringify([...low].slice(0, 5));
})()
"""

browser = Browser()
try:
    for name in ["country-summary", "bloc-aggregate", "hard"]:
        for width, height, scheme in [(360, 800, "light"), (1280, 900, "light"), (360, 800, "dark"), (1280, 900, "dark")]:
            what = f"{name}.html at {width}, {scheme}"
            with section(what):
                browser.open(folder / f"{name}.html", width, height, scheme)
                size = json.loads(browser.run(OVERFLOW))
                check(f"{what}: no overflow", size["scroll"] <= size["client"] == width and not size["wide"], size)
                low = json.loads(browser.run(CONTRAST))
                check(f"{what}: contrast of text", not low, low)
                check(f"{what}: no console error, nothing loaded", not browser.errors(), browser.errors())
                browser.screenshot(f"{name}-{width}-{scheme}")

        with section(f"{name}.html: accessibility"):
            nodes = [n for n in browser.call("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
            unnamed = [n["nodeId"] for n in nodes if n["role"]["value"] in ("link", "table", "region", "image", "img")
                       and not n.get("name", {}).get("value")]
            roles = {n["role"]["value"] for n in nodes}
            check(f"{name}.html: links, tables, regions and pictures have names", not unnamed, unnamed)
            check(f"{name}.html: headers of rows and columns", {"rowheader", "columnheader", "table"} <= roles, roles)

    with section("html: anchors"):
        browser.open(folder / "country-summary.html", 1280, 900)
        dangling = browser.run("""JSON.stringify([...document.querySelectorAll('a[href^="#"]')]
          .filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length)""")
        check("html: every link leads somewhere", dangling == "0", dangling)
        twice = browser.run("""(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          return ids.length - new Set(ids).size; })()""")
        check("html: every id is there once", twice == 0, twice)
        described = browser.run("""[...document.querySelectorAll('[aria-describedby]')].length > 50 &&
          [...document.querySelectorAll('[aria-describedby]')].every(
            e => document.getElementById(e.getAttribute('aria-describedby')))""")
        check("html: every number is described by its citations", described)

    for width, id in [(1280, "v8-3"), (1280, "v27-5"), (360, "v0-3")]:
        with section(f"html: citations on hover at {width}"):
            browser.open(folder / "country-summary.html", width, 900)
            browser.run(f"document.getElementById('{id}').scrollIntoView({{block: 'center', inline: 'center'}})")
            box = json.loads(browser.run(f"""(() => {{ const r = document.querySelector('#{id} > a').getBoundingClientRect();
              return JSON.stringify([r.x + r.width / 2, r.y + r.height / 2]); }})()"""))
            browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
            tip = json.loads(browser.run(f"""(() => {{ const tip = document.querySelector('#{id} > .tip');
              const r = tip.getBoundingClientRect();
              return JSON.stringify({{display: getComputedStyle(tip).display, left: r.left, right: r.right, top: r.top,
                bottom: r.bottom, width: innerWidth, height: innerHeight, text: tip.innerText}}); }})()"""))
            shown = tip["display"] == "block" and tip["left"] >= 0 and tip["right"] <= tip["width"]
            shown = shown and tip["top"] >= 0 and tip["bottom"] <= tip["height"] and "ttachment" in tip["text"]
            check(f"html: citations of {id} on hover at {width}", shown, tip)
            browser.screenshot(f"hover-{id}-{width}", whole=False)

    with section("html: keyboard"):
        browser.open(folder / "country-summary.html", 1280, 900)
        browser.run("document.querySelector('#v0-3 > a').focus()")
        check("html: citations on focus",
              browser.run("getComputedStyle(document.querySelector('#v0-3 > .tip')).display") == "block")

    with section("html: print"):
        pdf = browser.call("Page.printToPDF", printBackground=True)["data"]
        (folder / "country-summary.pdf").write_bytes(base64.b64decode(pdf))
        browser.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        state = json.loads(browser.run("""JSON.stringify({page: getComputedStyle(document.body).backgroundColor,
          tip: getComputedStyle(document.querySelector('#v0-3 > .tip')).display,
          quotes: document.querySelector('section.citations').innerText.includes('Poland')})"""))
        check("html: print is dark on white, with citations in a section",
              state == {"page": "rgb(255, 255, 255)", "tip": "none", "quotes": True}, state)

    for name in ["country-summary", "bloc-aggregate", "hard", "wide"]:
        with section(f"{name}.svg"):
            browser.open(folder / f"{name}.svg", 1280, 900)
            outside = json.loads(browser.run("""(() => {
              const size = document.documentElement.viewBox.baseVal;
              return JSON.stringify([...document.querySelectorAll('text, rect, line')].filter(e => {
                const b = e.getBBox();
                return b.x < 0 || b.y < 0 || b.x + b.width > size.width + .5 || b.y + b.height > size.height + .5;
              }).map(e => e.outerHTML.slice(0, 90)));
            })()"""))
            check(f"{name}.svg: everything is inside", not outside, outside)
            overlapping = json.loads(browser.run("""(() => {
              const boxes = [...document.querySelectorAll('text')].map(e => [e.textContent, e.getBBox()]);
              const found = [];
              boxes.forEach(([a, x], i) => boxes.slice(i + 1).forEach(([b, y]) => {
                if (x.x + x.width > y.x + 1 && y.x + y.width > x.x + 1 && x.y + x.height > y.y + 4 && y.y + y.height > x.y + 4)
                  found.push(`${a} / ${b}`);
              }));
              return JSON.stringify(found.slice(0, 5));
            })()"""))
            check(f"{name}.svg: no text lies on another", not overlapping, overlapping)
            check(f"{name}.svg: no console error", not browser.errors(), browser.errors())
            browser.screenshot(f"{name}-svg")
finally:
    browser.close()

finish()
