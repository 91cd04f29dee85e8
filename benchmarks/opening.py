"""How long a page takes until the first row of its first table can be read: the median of some openings in a browser.

    python benchmarks/opening.py results/report.html

Prints wall seconds from the address to the row, and of these the seconds that the page kept the processor busy, which do
not depend on what else runs.
"""

import argparse
import shutil
import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright


def opened(browser: Browser, address: str) -> tuple[float, float]:
    """Wall seconds until a row is there, and seconds of the page's own thread."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    start = time.perf_counter()
    page.goto(address)
    page.locator("tbody tr").first.wait_for()
    wall = time.perf_counter() - start
    busy = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return wall, busy["TaskDuration"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        each = [opened(chromium, args.page.resolve().as_uri()) for _ in range(args.times)]
        chromium.close()
    wall, busy = (statistics.median(seconds) for seconds in zip(*each, strict=True))
    print(f"{args.page}: {wall:.2f} s, of these {busy:.2f} s busy (medians of {args.times})")


if __name__ == "__main__":
    main()
