"""Adds two folders through the window, corrects what one holds, and takes one away and brings it back.

The folders are chosen in GTK's own dialog, which stands for the portal where there is none. Run by `build-aux/test`;
by hand:

    build-aux/platform cargo build --bins --workspace
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/add_folder.py
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from gi.repository import Gio, GLib

from reel_ui import Reel, command_line, wait_until

TEST = "add_folder"
PHONE = (360, 720)
DESK = (1280, 800)
# Seconds in which a folder that is back is seen: the window looks every 5 s.
BACK = 30
BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


def fill(folder, files):
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file)


def choose(reel, button, path):
    """Chooses a folder by typing its path."""
    reel.click(button)
    reel.wait_for(contains="Choose", role="dialog", where=lambda node: "Folder" in node.name)
    # The dialog takes the keyboard a moment after it is seen.
    subprocess.run(["sleep", "1"], check=True)
    reel.press("ctrl+l")
    subprocess.run(["sleep", "0.5"], check=True)
    # Set as a whole: the entry completes what is typed letter by letter.
    entry = reel.wait_for(where=lambda node: node.editable and node.focused)
    entry.accessible.get_editable_text_iface().set_text_contents(str(path))
    subprocess.run(["sleep", "0.5"], check=True)
    reel.press("Return")


def pick_next(reel, row):
    """Chooses the next word in the row that says what a folder holds, by the keyboard."""
    reel.point_at(row)
    reel.wait_for("Series", role="label")
    reel.press("Down")
    reel.press("Return")
    reel.wait_gone("Series", role="label")


def kinds(reel):
    reel.root.forget()
    return [node for _, node in reel.root.walk() if node.showing and node.name == "Contains" and node.role == "combo box"]


def libraries(reel):
    reel.root.forget()
    shown = [node.name for _, node in reel.root.walk() if node.showing and node.role == "list item"]
    return [name for name in shown if name in ("Cinema", "Clips")]


def add(reel, folders):
    reel.click("Add Folder", role="button")
    choose(reel, "Choose Folders…", folders / "Cinema")
    reel.wait_for("Cinema")
    choose(reel, "Choose Folders…", folders / "Clips")
    reel.wait_for("Clips")
    reel.wait_for(contains="Videos (guessed)")
    reel.screenshot(f"{TEST}-chosen-{reel.size[0]}")


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as temporary:
        folders = pathlib.Path(temporary)
        fill(folders / "Cinema", ["Alien (1979)/Alien (1979).mkv", "Heat (1995).mkv"])
        fill(folders / "More", ["Dark/Season 1/S01E01.mkv", "Dark/Season 1/S01E02.mkv"])
        fill(folders / "Clips", ["a day out.mp4", "zoo.mp4", "at sea.mp4"])
        with Reel(TEST, size=PHONE) as reel:
            add(reel, folders)
            reel.click("Remove Clips", role="button")
            reel.wait_gone("Clips")
            choose(reel, "Choose Folders…", folders / "Clips")
            reel.wait_for("Clips")
            reel.type_into("Name", "At Home")
            reel.click("Add", role="button")
            reel.wait_gone("Add", role="button")
        with Reel(TEST, size=DESK) as reel:
            wait_until("both libraries in the sidebar", lambda: libraries(reel) == ["Cinema", "Clips"])
            reel.screenshot(f"{TEST}-sidebar")
            print(f"{TEST}: two folders are two libraries")
            source = rows("sources", "list")[0]["id"]
            change(reel, folders, source)
        with Reel(TEST, size=PHONE) as reel:
            open_folders(reel, source)
            reel.wait_for(contains="(guessed)")
            reel.screenshot(f"{TEST}-dialog-{reel.size[0]}")
        print(f"{TEST}: kind corrected, a folder went and came back")


def open_folders(reel, source):
    """The dialog of the source's folders, by the action of the window that its menu entry leads to."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    names = bus.call_sync(*BUS, "ListNames", None, None, Gio.DBusCallFlags.NONE, -1).unpack()[0]
    app = next(name for name in names if name.startswith("io.github.gnome_reel.Reel"))
    window = "/" + app.replace(".", "/") + "/window/1"
    arguments = GLib.Variant("(sava{sv})", ("folders", [GLib.Variant("s", source)], {}))
    bus.call_sync(app, window, "org.gtk.Actions", "Activate", arguments, None, Gio.DBusCallFlags.NONE, -1)
    return reel.wait_for("Folders", role="dialog")


def rows(command, *arguments):
    return json.loads(command_line(command, *arguments, "--json"))


def wait_for_kinds(*wanted):
    kinds = lambda: [library["kind"] for library in rows("libraries")] == list(wanted)
    wait_until(f"libraries of {wanted}", kinds)


def change(reel, folders, source):
    open_folders(reel, source)
    reel.wait_for(contains="Videos (guessed)")
    reel.screenshot(f"{TEST}-dialog-{reel.size[0]}")
    pick_next(reel, kinds(reel)[1])
    wait_for_kinds("movies", "movies")

    shutil.move(folders / "Clips", folders / "unplugged")
    reel.wait_for(contains="Away since", timeout=BACK)
    reel.screenshot(f"{TEST}-away-{reel.size[0]}")
    assert len(rows("libraries")) == 2, "a folder that is away loses its library"
    shutil.move(folders / "unplugged", folders / "Clips")
    wait_until("it to be there again", lambda: reel.find(contains="Away since") is None, BACK)

    choose(reel, "Add Folder…", folders / "More")
    wait_for_kinds("movies", "movies", "shows")
    choose(reel, "Add Folder…", folders / "More" / "Dark")
    reel.wait_for("One of the folders is inside of the other.")
    reel.screenshot(f"{TEST}-refused-{reel.size[0]}")
    more = [node for node in menus(reel) if node.usable][-1]
    reel.point_at(more)
    subprocess.run(["sleep", "0.5"], check=True)
    reel.press("Down")
    reel.press("Return")
    reel.wait_for(contains="No file is deleted.")
    reel.screenshot(f"{TEST}-remove-{reel.size[0]}")
    reel.click("Remove", role="button")
    wait_for_kinds("movies", "movies")
    assert (folders / "More").exists()
    reel.click("Scan Now")
    reel.wait_for("The folders are being read.")


def menus(reel):
    dialog = reel.wait_for("Folders", role="dialog")
    return [node for _, node in dialog.walk() if node.showing and node.name == "More Actions"]


if __name__ == "__main__":
    sys.exit(main())
