"""Goes through a large library: keys, orders, filters, letters, rows, selecting, the menu of a title, there and back.

Keeps pictures in `target/ui/`. Run by `build-aux/test`; by hand, also at another size and in dark style:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/library.py
    SESSION_KEYRING=1 ADW_DEBUG_COLOR_SCHEME=prefer-dark build-aux/session /usr/bin/python3 tests/ui/library.py 360x720
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from reel_ui import BINARIES, RESULTS, Reel, command_line, wait_until

TEST = "library"
FILMS = 1500
CELLS = ("list item", "table cell", "grid cell", "table row")


class Server:
    """A Jellyfin with a generated library."""

    def __init__(self, folder):
        ready = pathlib.Path(folder) / "ready.json"
        command = [BINARIES / "reel-testbed", "serve", "jellyfin", "--films", str(FILMS), "--series", "12", "--ready-file", ready]
        RESULTS.mkdir(parents=True, exist_ok=True)
        self._log = open(RESULTS / f"testbed-{TEST}.log", "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT)
        wait_until("the server", ready.exists, timeout=120)
        vars(self).update(json.loads(ready.read_text()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self._log.close()


class Page:
    """The page of the films."""

    def __init__(self, reel, name):
        self.reel = reel
        self.name = name

    def picture(self, what):
        time.sleep(1.2)
        self.reel.screenshot(f"{self.name}-{what}")

    def cells(self):
        """The titles on the screen, in reading order."""
        self.reel.root.forget()
        found = []
        for _, node in self.reel.root.walk():
            if node.role in CELLS and "," in node.name and node.showing and on_screen(node, self.reel.size):
                found.append(node)
        return sorted(found, key=lambda node: (node.centre[1], node.centre[0]))

    def titles(self):
        return [node.name for node in self.cells()]

    def first(self):
        titles = self.titles()
        return titles[0] if titles else None

    def changes(self, what, before):
        return wait_until(what, lambda: (now := self.titles()) and now[0] != before and now)

    def count(self):
        label = self.reel.wait_for(where=lambda node: re.fullmatch(r"\d+ titles?", node.name or ""))
        return int(label.name.split()[0])

    def focused(self):
        self.reel.root.forget()
        return next((node for _, node in self.reel.root.walk() if node.role in CELLS and node.focused), None)

    def sort(self, order):
        self.reel.click("Sort", role="toggle button")
        label = lambda node: node.usable and order in (node.label, node.name)  # noqa: E731
        entry = self.reel.wait_for(where=lambda node: "menu item" in node.role and label(node))
        entry.act()


def on_screen(node, size):
    centre = node.centre
    return bool(centre) and 0 < centre[0] < size[0] and 40 < centre[1] < size[1]


def walk_by_keys(page):
    reel = page.reel
    wait_until("the keys to be in the list", page.focused)
    start = page.first()
    reel.press("End")
    page.changes("the end of the list", start)
    wait_until("the last title to have the keys", page.focused)
    page.picture("end")
    reel.press("Home")
    wait_until("the begin of the list", lambda: page.first() == start)
    page_down(reel)
    page.changes("the next screen", start)
    reel.press("Home")
    wait_until("the begin of the list again", lambda: page.first() == start)


def page_down(reel):
    """The first time the keys go to the last row that is seen; the list follows later."""
    for _ in range(4):
        reel.press("Page_Down")
        time.sleep(0.3)


def orders(page):
    start = page.first()
    page.sort("Rating")
    best = page.changes("the order by rating", start)
    page.sort("Reverse Order")
    page.changes("the reverse order", best[0])
    page.sort("Random")
    page.changes("the order by chance", best[0])
    page.sort("Title")
    wait_until("the order by title", lambda: page.first() == start)


def filters(page):
    reel = page.reel
    everything = page.count()
    reel.click("Filter", role="button")
    switch = reel.wait_for("Unwatched", where=lambda node: node.role in ("check box", "switch"))
    page.picture("filter-dialog")
    if not switch.act():
        reel.point_at(switch)
    wait_until("fewer titles", lambda: page.count() < everything)
    reel.press("Escape")
    reel.wait_for("Remove Filter: Unwatched", role="button")
    page.picture("filtered")
    assert not any("watched" in title.split(", ") for title in page.titles()), page.titles()
    reel.click("Clear", role="button")
    wait_until("all titles", lambda: page.count() == everything)


def letters(page):
    reel = page.reel
    reel.point_at(reel.wait_for("S", role="list item"))
    titles = wait_until("titles with S", lambda: (now := page.titles()) and sort_letter(now[0]) in "sr" and now)
    assert any(sort_letter(title) == "s" for title in titles), titles
    page.picture("letter")
    for key in "gar":
        reel.press(key)
    wait_until("what was typed", lambda: (node := page.focused()) and sort_title(node.name).startswith("gar"))
    page.picture("typed")


def sort_title(name):
    return re.sub(r"^(The|A|An) ", "", name).lower()


def sort_letter(name):
    return sort_title(name)[:1]


def layout(page):
    reel = page.reel
    reel.click("View", role="toggle button")
    reel.click("List", role="toggle button")
    reel.press("Escape")
    page.picture("list")
    wait_until("names of the rows", page.titles)
    reel.click("View", role="toggle button")
    page.picture("view-popover")
    reel.click("Grid", role="toggle button")
    reel.press("Escape")
    wait_until("posters", page.titles)


def selecting(page):
    reel = page.reel
    # Those that are seen whole: another would be brought into sight when it is clicked.
    whole = [node for node in page.cells() if 150 < node.centre[1] < reel.size[1] - 200]
    fresh = [node for node in whole if "watched" not in node.name.split(", ")][:3]
    names = [node.name for node in fresh]
    mark(page, fresh, "selecting")
    reel.click("Undo", role="button")
    wait_until("no marks", lambda: set(names) <= set(page.titles()))
    mark(page, fresh, "marked")
    wait_until("marks", lambda: all(f"{name}, watched" in page.titles() for name in names))


def mark(page, nodes, picture):
    reel = page.reel
    if reel.size[0] < 760:
        reel.click("View", role="toggle button")
        reel.click("Select Titles", role="button")
    else:
        reel.click("Select", role="button")
    reel.wait_for("Mark Watched", role="button")
    for node in nodes:
        reel.point_at(node)
    reel.wait_for(f"{len(nodes)} selected")
    page.picture(picture)
    reel.click("Mark Watched", role="button")
    reel.wait_for(contains="marked as watched")


def menu(page):
    reel = page.reel
    wait_until("the keys to be in the list", page.focused)
    reel.press("Home")
    time.sleep(0.5)
    wait_until("the keys to be in the list again", page.focused)
    reel.press("Menu")
    reel.wait_for(role="menu item", where=lambda node: node.label == "Information")
    page.picture("menu")
    reel.choose("Mark as Watched" if "watched" not in page.first().split(", ") else "Mark as Unwatched")
    reel.wait_for(contains="marked as")


def there_and_back(page):
    reel = page.reel
    page_down(reel)
    page_down(reel)
    time.sleep(1)
    before = page.titles()
    # One that is seen whole: another would be brought into sight when it is clicked.
    cells = page.cells()
    reel.point_at(cells[len(cells) // 2])
    reel.wait_for("Watched", role="toggle button")
    reel.click("Watched", role="toggle button")
    reel.click("Back", role="button")
    reel.wait_gone("Watched", role="toggle button")
    plain = lambda titles: [title.removesuffix(", watched").split(", ")[0] for title in titles]  # noqa: E731
    try:
        wait_until("the same place", lambda: plain(page.titles()) == plain(before))
    except AssertionError as error:
        raise AssertionError(f"{error}: {page.titles()} and not {before}") from error


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")
    size = (int(width), int(height))
    style = "dark" if "dark" in os.environ.get("ADW_DEBUG_COLOR_SCHEME", "") else "light"
    name = f"{TEST}-{size[0]}x{size[1]}-{style}"
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Server(folder) as server:
        jellyfin = ("jellyfin", "--url", server.jellyfin_url, "--username", server.jellyfin_username, "--password-file", "-")
        command_line("sources", "add", *jellyfin, given=server.jellyfin_password)
        command_line("sync")
        with Reel(name, size=size) as reel:
            reel.wait_for("Recently Added Films", timeout=60)
            if size[0] < 760:
                reel.click("Back", role="button")
            reel.click("Films", role="list item")
            page = Page(reel, name)
            wait_until("posters", page.titles, timeout=60)
            page.picture("grid")
            for step in (walk_by_keys, orders, filters, letters, layout, selecting, menu, there_and_back):
                step(page)
                print(f"{name}: {step.__name__}", flush=True)
        # What was chosen is there again.
        with Reel(f"{name}-again", size=size) as reel:
            page = Page(reel, name)
            wait_until("posters", page.titles, timeout=60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
