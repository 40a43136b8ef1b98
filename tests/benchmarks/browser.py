"""The HTML report in a real browser: what it asks for, how fast it filters, and how it looks.

    python tests/benchmarks/browser.py REPORT.html [--pictures FOLDER] [--chromium /usr/bin/chromium]

Needs playwright, and Chromium. Opens the page wide and narrow, light and dark, presses every control, and
fails where the page asks for anything beside itself, reports an error, opens a dialog, is wider than its
window or blocks for longer than a second. With ``--pictures``, screenshots and a PDF are left in the folder.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

WINDOWS = [(scheme, width) for width in (1280, 390) for scheme in ("light", "dark")]
LONGEST = 1000
"""Milliseconds for which the page may not react."""
WATCH = """() => {
  window.longest = 0;
  const watch = (all) => all.getEntries().forEach((item) => { longest = Math.max(longest, item.duration); });
  new PerformanceObserver(watch).observe({ type: "longtask", buffered: true });
}"""
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def opened(browser: Browser, report: Path, scheme: Any, width: int, faults: list[str]) -> Page:
    """The page in a window; what it does wrong is added to the faults."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    address = report.resolve().as_uri()
    page.on("request", lambda asked: None if asked.url.split("#")[0] == address else faults.append(asked.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    start = time.perf_counter()
    page.goto(address)
    print(f"{scheme} {width}: loaded in {time.perf_counter() - start:.2f} s")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append(f"{scheme} {width}: wider than the window")
    return page


def press_all(page: Page) -> dict[str, float]:
    """Milliseconds of each action until the page is drawn again."""
    took: dict[str, float] = {}

    def measure(name: str, act: Any, pause: int = 0) -> None:
        start = time.perf_counter()
        act()
        page.wait_for_timeout(pause)
        page.evaluate(FRAME)
        took[name] = (time.perf_counter() - start) * 1000 - pause

    page.evaluate(WATCH)
    if page.locator("#search").is_visible():
        box = page.locator("#filter input[type=checkbox]").first
        measure("severity off", box.uncheck)
        measure("severity on", box.check)
        measure("search", lambda: page.fill("#search", "self"), 200)
        measure("second search", lambda: page.fill("#search", "self models"), 200)
        measure("no search", lambda: page.fill("#search", ""), 200)
        measure("open all", lambda: page.locator("#unfold").click())
        measure("close all", lambda: page.locator("#fold").click())
    for number, head in enumerate(page.locator("table.sortable thead th:first-child button").all()):
        measure(f"sort {number}", lambda head=head: head.click())
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description="Try a report in Chromium.")
    parser.add_argument("report", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.chromium)
        for scheme, width in WINDOWS:
            page = opened(browser, arguments.report, scheme, width, faults)
            if arguments.pictures:
                arguments.pictures.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=arguments.pictures / f"{scheme}-{width}.png")
                page.screenshot(path=arguments.pictures / f"{scheme}-{width}-whole.png", full_page=True)
            if (scheme, width) == WINDOWS[0]:
                took = press_all(page)
                print(", ".join(f"{name} {value:.0f} ms" for name, value in took.items()))
                longest = page.evaluate("longest")
                print(f"longest task {longest:.0f} ms, {page.locator('*').count()} elements")
                if longest > LONGEST:
                    faults.append(f"does not react for {longest:.0f} ms")
                if arguments.pictures:
                    page.pdf(path=arguments.pictures / "report.pdf", prefer_css_page_size=True)
            page.close()
        browser.close()
    print("\n".join(faults) or "nothing to object to")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
