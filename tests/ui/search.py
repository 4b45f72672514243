"""Searches by keyboard: from Home by typing, through the groups, into a result and back; people, recent searches.

Keeps pictures in `target/ui/`. Run by `build-aux/test`; by hand, also at another size and in dark style:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/search.py
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/search.py 360x720
"""

import json
import os
import pathlib
import sys
import tempfile
import time

from reel_ui import Reel, Testbed, add_demo, command_line, wait_until

TEST = "search"

# Seconds for pictures to come and transitions to end.
SETTLE = 1.5


def read_people():
    """Reads the details of a film, so that who is in it can be found; gives the film's title and a name."""
    libraries = json.loads(command_line("--json", "libraries"))
    for library in (library for library in libraries if library["kind"] == "movies"):
        for item in json.loads(command_line("--json", "items", str(library["id"]), "--limit", "5")):
            shown = json.loads(command_line("--json", "show", str(item["id"])))
            credits = (shown["details"] or {}).get("credits", [])
            if credits:
                return item["title"], credits[0]["name"]
    raise AssertionError("nobody has a part in any film of the demo")


def entry(reel):
    return reel.wait_for("Search", where=lambda node: node.editable)


def focused(reel):
    """The control that has the focus."""
    return reel.find(where=lambda node: node.focused and node.role not in ("frame", "window"))


def heading(reel, text):
    return reel.wait_for(text, role="heading")


def type_on_home(reel):
    reel.wait_for("Continue Watching", timeout=60)
    for key in "the":
        reel.press(key)
    wait_until("what was typed", lambda: entry(reel).text == "the")
    heading(reel, "Films")


def by_keyboard(reel, name):
    reel.type_into("Search", "the")
    heading(reel, "Films")
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-results")
    reel.press("Down")
    first = wait_until("a result with the focus", lambda: focused(reel) if focused(reel) and not focused(reel).editable else None)
    title = first.name.split(",")[0]
    assert "The" in title, first
    reel.press("Return")
    reel.wait_for("Watched", role="toggle button")
    reel.press("alt+Left")
    reel.wait_gone("Watched", role="toggle button")
    assert entry(reel).text == "the", "the search is as it was left"
    # Enter in the entry opens the best result.
    reel.press("ctrl+f")
    reel.type_into("Search", title)
    heading(reel, "Films")
    reel.press("Return")
    reel.wait_for("Watched", role="toggle button")
    reel.press("alt+Left")
    reel.wait_gone("Watched", role="toggle button")


def recent(reel, name, searched):
    reel.type_into("Search", "")
    reel.wait_for("Recent Searches")
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-recent")
    row = reel.wait_for(searched, role="list item")
    reel.point_at(row)
    heading(reel, "People")
    reel.type_into("Search", "")
    reel.click("Clear Recent Searches", role="button")
    reel.wait_gone("Recent Searches")


def nothing(reel, name):
    reel.type_into("Search", "zzzqqq")
    reel.wait_for("Nothing Found")
    reel.wait_for("Try another word.")
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-nothing")


def people(reel, name, person):
    reel.type_into("Search", person)
    heading(reel, "People")
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-people")
    reel.click(role="button", contains=f"{person}, ")
    reel.wait_for(person, role="heading")
    heading(reel, "Films")
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-person")
    back(reel, person)


def back(reel, text):
    """Leads back to the search, which is as it was left."""
    reel.press("alt+Left")
    wait_until("the search", lambda: entry(reel).text == text)


def shelves_and_music(reel, name):
    """Collections, playlists, artists and albums are found and lead to their pages."""
    for text, group, begins, there in (
        ("by the s", "Collections", "By the Sea, ", ("Play All", "button")),
        ("rainy", "Playlists", "Rainy Sunday, ", ("Play All", "button")),
        ("slow fer", "Artists", "The Slow Ferries", ("Shuffle", "button")),
        ("low w", "Albums", "Low Water", ("Shuffle", "button")),
    ):
        reel.type_into("Search", text)
        heading(reel, group)
        time.sleep(SETTLE)
        reel.screenshot(f"{name}-{group.lower()}")
        result = wait_until(begins, lambda: reel.find(
            where=lambda node: node.role == "button" and node.name.startswith(begins) and node.usable))
        result.act()
        reel.wait_for(there[0], role=there[1])
        back(reel, text)


def all_of_a_group(reel, name):
    reel.type_into("Search", "t")
    button = reel.wait_for("Show All: Films", role="button")
    button.act()
    reel.wait_for("All Results", role="button")
    reel.wait_gone("Series", role="heading")
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-all")
    reel.click("All Results", role="button")
    heading(reel, "Series")


def room_for_pictures(reel, name):
    reel.press("ctrl+comma")
    reel.wait_for("Allow Relays")
    reel.wait_for("Library", role="page tab").act()
    reel.wait_for("While the App Runs")
    clear = reel.wait_for("Clear", role="button", where=lambda node: node.usable)
    time.sleep(SETTLE)
    reel.screenshot(f"{name}-preferences")
    kept = pathlib.Path(os.environ["XDG_CACHE_HOME"]) / "gnome-reel" / "images"
    assert any(path.is_file() for path in kept.rglob("*")), "posters were kept"
    clear.act()
    wait_until("the cache to be empty", lambda: not any(path.is_file() for path in kept.rglob("*")))
    reel.press("Escape")


def main():
    size = tuple(map(int, (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")))
    style = "dark" if "dark" in os.environ.get("ADW_DEBUG_COLOR_SCHEME", "") else "light"
    name = f"{TEST}-{size[0]}x{size[1]}-{style}"
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        _, person = read_people()
        with Reel(name, size=size) as reel:
            type_on_home(reel)
            by_keyboard(reel, name)
            people(reel, name, person)
            shelves_and_music(reel, name)
            all_of_a_group(reel, name)
            nothing(reel, name)
            recent(reel, name, person)
            room_for_pictures(reel, name)
        print(f"{name}: found {person!r} and came back")


if __name__ == "__main__":
    sys.exit(main())
