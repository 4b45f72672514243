"""Has the app's command line leave places, marks and a rating at the servers of the demo, for the clients to read back.

    app_writes.py READY WRITTEN FOLDER COMMAND…

`COMMAND…` runs the app; it gets folders of its own below FOLDER, and no keyring. What was written is in WRITTEN.
"""

import json
import pathlib
import subprocess
import sys

PLACE = 1234
STARS = 3.5


def main():
    ready = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder, command = pathlib.Path(sys.argv[3]), sys.argv[4:]
    own = {f"XDG_{name.upper()}_HOME": folder / name for name in ("data", "cache", "config")}
    own |= {"HOME": folder, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "GNOME_REEL_DISCOVERY": "off"}
    # Only for the app: what starts it may need its own.
    command = [*command[:-1], "env", *(f"{name}={value}" for name, value in own.items()), command[-1]]

    def app(*arguments, given=None):
        done = subprocess.run([*command, "--json", *arguments], input=given, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"app_writes: {arguments[0]} failed: {done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    app("sources", "add", "jellyfin", "--url", ready["jellyfin_url"], "--username", ready["jellyfin_username"], "--password-file", "-", given=ready["jellyfin_password"])
    app("sources", "add", "plex", "--url", ready["plex_url"], "--token-file", "-", given=ready["plex_token"])
    app("sync")
    written = {}
    for source in app("sources", "list"):
        libraries = [library for library in app("libraries") if library["source_id"] == source["id"]]
        films = [item for library in libraries for item in app("items", str(library["id"]), "--limit", "500")]
        films = [film for film in films if film["kind"] == "movie" and not film["watched"] and not film["position_ms"]]
        left, seen, loved = [film for film in films if (film["duration_ms"] or 0) > 3 * PLACE * 1000][-3:]
        app("progress", str(left["id"]), "--position", str(PLACE))
        app("progress", str(seen["id"]), "--watched")
        app("progress", str(loved["id"]), "--favourite")
        app("progress", str(loved["id"]), "--rating", str(STARS))
        names = {"left": left, "seen": seen, "loved": loved}
        written[source["type"]] = {name: film["remote_id"] for name, film in names.items()} | {"place": PLACE, "stars": STARS}
    waiting = app("outbox", "list")
    if waiting:
        sys.exit(f"app_writes: not delivered: {waiting}")
    pathlib.Path(sys.argv[2]).write_text(json.dumps(written), encoding="utf-8")


if __name__ == "__main__":
    main()
