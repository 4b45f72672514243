"""Home with its rows, collections, playlists, favourites, and where the app opens again.

Keeps pictures in `target/ui/`. Run by `build-aux/test`; by hand, also at another size and in dark style:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/home.py
    SESSION_KEYRING=1 ADW_DEBUG_COLOR_SCHEME=prefer-dark build-aux/session /usr/bin/python3 tests/ui/home.py 360x720
"""

import os
import sys
import tempfile
import time

from reel_ui import NotThere, Reel, Testbed, add_demo, command_line, wait_until

TEST = "home"

# The app's own rows in their order, and one of a server's.
ROWS = ("Continue Watching", "Next Up", "Recently Added Films", "Recently Added Series", "Recently Added Videos")
HUB = "Top Unwatched Movies"

# Seconds for pictures to come and transitions to end.
SETTLE = 1.2
# Pixels by which a page that is opened again may be off.
NEAR = 8
# Height of a banner, in pixels.
BANNER = 46


class Walk:
    """A walk through the pages at one size."""

    def __init__(self, size):
        self.size = size
        self.narrow = size[0] < 760
        style = "dark" if "dark" in os.environ.get("ADW_DEBUG_COLOR_SCHEME", "") else "light"
        self.name = f"{TEST}-{size[0]}x{size[1]}-{style}"

    def start(self):
        return Reel(self.name, size=self.size)

    def look(self, reel, page):
        time.sleep(SETTLE)
        reel.screenshot(f"{self.name}-{page}")

    def go(self, reel, place):
        """Chooses a place in the sidebar."""
        if self.narrow:
            while reel.find("Main Menu") is None:
                reel.click("Back", role="button")
                time.sleep(SETTLE)
        reel.click(place, role="list item")

    def rows(self, reel):
        for row in ROWS:
            wait_until(row, lambda row=row: heading(reel, row))
        wait_until(HUB, lambda: heading(reel, HUB))
        tops = [heading(reel, row).centre[1] for row in (*ROWS, HUB)]
        assert tops == sorted(tops), f"the rows are out of order: {tops}"
        self.look(reel, "rows")

    def keyboard(self, reel):
        """Arrows go along a row, Tab goes on to the next one."""
        first = wait_until("a card with the focus", lambda: self.step_to(reel, ROWS[0]))
        reel.press("Right")
        second = wait_until("another card", lambda: other_than(focused(reel), first))
        assert row_of(reel, second) == ROWS[0], f"the arrow left the row: {second}"
        reel.press("Tab")
        third = wait_until("the next row", lambda: focused_in(reel, ROWS[1]))
        reel.press("shift+Tab")
        back = wait_until("the row before", lambda: focused_in(reel, ROWS[0]))
        print(f"{self.name}: {first.name!r}, {second.name!r}, {third.name!r}, {back.name!r} by keyboard")

    def step_to(self, reel, row):
        """One step on the way to a row: out of the sidebar to the right, else to what comes next."""
        node = focused(reel)
        if node and row_of(reel, node) == row and node.name != "See All":
            return node
        reel.press("Right" if node and node.role == "list item" else "Tab")
        return None

    def step_into_grid(self, reel):
        node = focused(reel)
        if node and is_cell(node) and ", " in node.name:
            return node
        reel.press("Right" if node and node.role == "list item" else "Tab")
        return None

    def menu(self, reel):
        """The menu of a card takes a title out of a row and marks it as favourite."""
        card = focused(reel)
        title = card.name.split(",")[0]
        reel.press("shift+F10")
        reel.wait_for(role="menu item", where=lambda node: node.label == "Remove from Continue Watching")
        self.look(reel, "menu")
        reel.choose("Add to Favourites")
        time.sleep(SETTLE)
        reel.press("shift+F10")
        reel.choose("Remove from Continue Watching")
        gone = lambda: title not in [node.name.split(",")[0] for node in cards_of(reel, ROWS[0])]  # noqa: E731
        wait_until(f"{title} to leave the row", gone)
        self.go(reel, "Favourites")
        reel.wait_for(contains=title, where=lambda node: node.role == "button")
        self.look(reel, "favourites")
        self.go(reel, "Home")

    def see_all(self, reel):
        wait_until("the row", lambda: heading(reel, ROWS[2]))
        whole = lambda node: node.name == "See All" and ROWS[2] in node.description  # noqa: E731
        button = reel.wait_for(where=lambda node: node.role == "button" and whole(node))
        button.act()
        reel.wait_for(where=lambda node: node.role in ("list item", "table cell", "grid cell") and ", 20" in node.name)
        self.look(reel, "see-all")
        wait_until("a card of the grid with the focus", lambda: self.step_into_grid(reel))
        reel.press("shift+F10")
        reel.wait_for(role="menu item", where=lambda node: node.label == "Information")
        reel.press("Escape")
        reel.click("Back", role="button")

    def collection(self, reel):
        self.go(reel, "Collections")
        card = reel.wait_for(contains="By the Sea", where=is_cell)
        self.look(reel, "collections")
        reel.point_at(card)
        reel.wait_for(contains="Lighthouses, wrecks")
        reel.wait_for(contains="The Lantern Keeper", where=lambda node: node.role == "button")
        self.look(reel, "collection")
        reel.click(contains="Deep Water Choir", role="button")
        reel.wait_for("Watched", role="toggle button")
        row = reel.wait_for("By the Sea", where=lambda node: node.role in ("list item", "row", "table row"))
        assert row, "the details do not name the collection"
        self.look(reel, "details")
        reel.click("Back", role="button")
        reel.wait_for(contains="Lighthouses, wrecks")

    def playlist(self, reel):
        self.go(reel, "Playlists")
        reel.point_at(reel.wait_for(contains="One Evening", where=is_cell))
        reel.wait_for("Play All", role="button")
        places = [reel.wait_for(contains=title, where=is_cell).centre[1] for title in ("Half a Minute", "The Moss", "Switchback")]
        assert places == sorted(places), f"the order is another: {places}"
        self.look(reel, "playlist")
        reel.click("Play All", role="button")
        slider = reel.wait_for("Position", role="slider", timeout=60)
        wait_until("a position", lambda: slider.value, timeout=60)
        reel.press("Escape")
        reel.wait_for("Play All", role="button")

    def leave_scrolled(self, reel):
        """Leaves Home somewhere in the middle; returns where the last row stands then."""
        self.go(reel, "Home")
        wait_until(HUB, lambda: heading(reel, HUB))
        top = heading(reel, HUB).centre[1]
        x, y = self.size[0] * 2 // 3, self.size[1] // 2
        os.system(f"xdotool mousemove {x} {y} click --repeat 8 --delay 60 5")
        moved = wait_until("Home to scroll", lambda: below(reel, HUB, top - 60))
        time.sleep(SETTLE)
        moved = heading(reel, HUB).centre[1]
        self.look(reel, "scrolled")
        reel.press("ctrl+q")
        reel.process.wait(20)
        return moved

    def opens_there(self, reel, expected):
        """The app shows Home at the same place, although no server answers any more."""
        # The banner that says that no server answers stands above the content.
        def near():
            moved = (heading(reel, HUB) or Nowhere).centre[1] - expected
            return any(abs(moved - banner) <= NEAR for banner in (0, BANNER))

        try:
            wait_until("the same place", near)
        except NotThere:
            found = heading(reel, HUB)
            raise NotThere(f"the row stands at {found and found.centre}, not at {expected}") from None
        self.look(reel, "again")


class Nowhere:
    centre = (0, -100_000)


def is_cell(node):
    return node.role in ("list item", "table cell", "grid cell") and node.centre is not None


def heading(reel, title):
    """The heading of a row, on the screen or not."""
    reel.root.forget()
    for _, node in reel.root.walk():
        if node.role == "heading" and (node.name == title or node.text == title) and node.centre:
            return node
    return None


def below(reel, title, line):
    node = heading(reel, title)
    return node if node and node.centre[1] <= line else None


def focused(reel):
    reel.root.forget()
    found = [node for _, node in reel.root.walk() if node.focused]
    return found[-1] if found else None


def row_of(reel, wanted):
    """The name of the row that a card stands in."""
    parent = wanted._ask(lambda a: a.get_parent(), None)
    while parent is not None:
        name = parent.get_name() or ""
        if name in ROWS or name == HUB:
            return name
        parent = parent.get_parent()
    return None


def other_than(node, before):
    return node if node and node.name != before.name else None


def focused_in(reel, row):
    node = focused(reel)
    return node if node and row_of(reel, node) == row else None


def cards_of(reel, row):
    reel.root.forget()
    buttons = [node for _, node in reel.root.walk() if node.role == "button" and not node.name.startswith("Play ")]
    return [node for node in buttons if row_of(reel, node) == row]


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")
    walk = Walk((int(width), int(height)))
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder:
        with Testbed(folder) as testbed:
            add_demo(testbed)
            assert "By the Sea" in command_line("collections")
            assert "Rainy Sunday" in command_line("playlists")
            with walk.start() as reel:
                walk.rows(reel)
                walk.keyboard(reel)
                walk.menu(reel)
                walk.see_all(reel)
                walk.collection(reel)
                walk.playlist(reel)
                place = walk.leave_scrolled(reel)
        with walk.start() as reel:
            walk.opens_there(reel, place)
            walk.go(reel, "Collections")
            reel.point_at(reel.wait_for(contains="Clocks and Weather", where=is_cell))
            reel.wait_for(contains="What passes")
            reel.press("ctrl+q")
            reel.process.wait(20)
        with walk.start() as reel:
            reel.wait_for(contains="What passes")
            reel.click("Back", role="button")
            reel.wait_for(contains="Clocks and Weather", where=is_cell)
    print(f"{walk.name}: rows, keyboard, menu, whole row, collection, playlist, favourites, and the same place again")


if __name__ == "__main__":
    sys.exit(main())
