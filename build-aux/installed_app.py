"""Starts the installed app in many surroundings, and looks at what it shows. Called by `check-installed`."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "ui"))

from reel_ui import Atspi, Node, wait_until  # noqa: E402

PREFIX = pathlib.Path(sys.argv[1])
ID = sys.argv[2]
PROGRAM = PREFIX / "bin" / "gnome-reel"

# The first thing that an empty app offers, and the same in German.
ENGLISH = "Add Plex"
GERMAN = "Plex hinzufügen"

# Seconds that a start may take: this is no measurement.
PATIENCE = 30


class Wrong(AssertionError):
    """What was looked at is not as it should be."""


def nodes(process_id):
    """Everything that the process shows to assistive technology."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for place in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(place)
        if app is not None and app.get_process_id() == process_id:
            yield from (node for _, node in Node(app).walk())


def shows(process, text):
    if process.poll() is not None:
        raise Wrong(f"the app ended with status {process.returncode}")
    return any(node.name == text and node.showing for node in nodes(process.pid))


@contextlib.contextmanager
def started(**changes):
    """The app with other variables, none where the value is None; its log is looked through at the end."""
    environment = {name: value for name, value in {**os.environ, **changes}.items() if value is not None}
    with tempfile.TemporaryFile(mode="w+") as log:
        process = subprocess.Popen([PROGRAM], env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process, log
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.seek(0)
        said = log.read()
        for bad in ("panicked", "CRITICAL"):
            if bad in said:
                raise Wrong(f"the log says {bad}:\n{said[-2000:]}")


def opens(text=ENGLISH, **changes):
    with started(**changes) as (process, log):
        try:
            wait_until(f"“{text}”", lambda: shows(process, text), timeout=PATIENCE)
        except AssertionError as error:
            log.seek(0)
            raise Wrong(f"{error}\n{log.read()[-2000:]}") from error


def data_dirs(*first):
    return ":".join([*map(str, first), os.environ["XDG_DATA_DIRS"]])


def as_it_is():
    opens()


def in_german():
    opens(GERMAN, LANG="de_DE.UTF-8")


def in_a_language_that_does_not_exist():
    opens(LANG="xx_YY.UTF-8", LANGUAGE="xx")


def without_a_session_bus():
    # Without a bus there is no accessibility either: the window itself is looked for.
    with started(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus", AT_SPI_BUS_ADDRESS=None) as (process, _):

        def window():
            if process.poll() is not None:
                raise Wrong(f"the app ended with status {process.returncode}")
            search = ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)]
            return subprocess.run(search, capture_output=True, text=True, check=False).stdout.strip()

        wait_until("a window", window, timeout=PATIENCE)
        time.sleep(2)
        if process.poll() is not None:
            raise Wrong(f"the app ended with status {process.returncode}")


def schemas_without(folder, *, changed):
    """A folder of schemas in which ours is changed by the given function."""
    schemas = pathlib.Path(folder) / "glib-2.0" / "schemas"
    schemas.mkdir(parents=True)
    written = (PREFIX / "share/glib-2.0/schemas" / f"{ID}.gschema.xml").read_text()
    (schemas / f"{ID}.gschema.xml").write_text(changed(written))
    subprocess.run(["glib-compile-schemas", schemas], check=True)
    return folder


def without_a_schema():
    others = ":".join(part for part in os.environ["XDG_DATA_DIRS"].split(":") if not part.startswith(str(PREFIX)))
    opens(XDG_DATA_DIRS=others)


def with_the_schema_of_an_older_version():
    def older(text):
        before, rest = text.split('<key name="volume"', 1)
        return before + rest.split("</key>", 1)[1]

    with tempfile.TemporaryDirectory() as folder:
        opens(XDG_DATA_DIRS=data_dirs(schemas_without(folder, changed=older)))


def with_a_schema_of_other_types():
    def other(text):
        before, rest = text.split('<key name="volume"', 1)
        return f'{before}<key name="volume" type="s"><default>""</default></key>{rest.split("</key>", 1)[1]}'

    with tempfile.TemporaryDirectory() as folder:
        opens(XDG_DATA_DIRS=data_dirs(schemas_without(folder, changed=other)))


def with_a_damaged_schema_file():
    with tempfile.TemporaryDirectory() as folder:
        schemas = pathlib.Path(folder) / "glib-2.0" / "schemas"
        schemas.mkdir(parents=True)
        (schemas / "gschemas.compiled").write_bytes(b"no schema at all")
        others = ":".join(part for part in os.environ["XDG_DATA_DIRS"].split(":") if not part.startswith(str(PREFIX)))
        opens(XDG_DATA_DIRS=f"{folder}:{others}")


def with_a_config_folder_that_cannot_be_written():
    # Root may write everywhere: a file where the folder should be stops root too.
    with tempfile.NamedTemporaryFile() as file:
        opens(XDG_CONFIG_HOME=file.name)


def with_an_icon_theme_that_has_nothing():
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "gtk-4.0"
        config.mkdir()
        (config / "settings.ini").write_text("[Settings]\ngtk-icon-theme-name=nothing-at-all\n")
        opens(XDG_CONFIG_HOME=folder)


def bus(method, *arguments):
    path = "/" + ID.replace(".", "/")
    command = ["gdbus", "call", "--session", "--timeout", str(PATIENCE), "--dest", ID, "--object-path", path]
    subprocess.run([*command, "--method", f"org.freedesktop.Application.{method}", *arguments], check=True, stdout=subprocess.DEVNULL)


def owner():
    """The process that has the app's name on the bus."""
    command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"]
    asked = subprocess.run(
        [*command, "--method", "org.freedesktop.DBus.GetConnectionUnixProcessID", ID],
        capture_output=True,
        text=True,
        check=False,
    )
    return int(asked.stdout.split()[1].rstrip(",)")) if asked.returncode == 0 else None


@contextlib.contextmanager
def activated(method, *arguments):
    bus(method, *arguments)
    process = wait_until("the app on the bus", owner, timeout=PATIENCE)
    try:
        yield process
    finally:
        os.kill(process, signal.SIGTERM)
        wait_until("its end", lambda: owner() is None, timeout=PATIENCE)


def named(process, name, role=None):
    return lambda: any(
        node.showing and node.name == name and (role is None or node.role == role) for node in nodes(process)
    )


def by_dbus():
    with activated("Activate", "{}") as process:
        wait_until(f"“{ENGLISH}”", named(process, ENGLISH), timeout=PATIENCE)
        # A second activation shows the same window; a second program hands over and ends.
        bus("Activate", "{}")
        subprocess.run([PROGRAM], check=True, timeout=PATIENCE)
        if owner() != process:
            raise Wrong("a second app took the place of the first")


def by_an_action_of_the_desktop_file():
    with activated("ActivateAction", "search", "[]", "{}") as process:
        wait_until("the search", lambda: any(n.showing and n.editable for n in nodes(process)), timeout=PATIENCE)
        bus("ActivateAction", "continue-watching", "[]", "{}")
        wait_until(f"“{ENGLISH}”", named(process, ENGLISH), timeout=PATIENCE)


SURROUNDINGS = [
    as_it_is,
    in_german,
    in_a_language_that_does_not_exist,
    without_a_session_bus,
    without_a_schema,
    with_the_schema_of_an_older_version,
    with_a_schema_of_other_types,
    with_a_damaged_schema_file,
    with_a_config_folder_that_cannot_be_written,
    with_an_icon_theme_that_has_nothing,
    by_dbus,
    by_an_action_of_the_desktop_file,
]


def main():
    wanted = sys.argv[3:]
    failed = 0
    for surrounding in SURROUNDINGS:
        name = surrounding.__name__.replace("_", " ")
        if wanted and surrounding.__name__ not in wanted:
            continue
        # What an earlier start stored is no part of the next.
        for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
            shutil.rmtree(pathlib.Path(os.environ[variable]), ignore_errors=True)
            pathlib.Path(os.environ[variable]).mkdir(parents=True)
        began = time.monotonic()
        try:
            surrounding()
            print(f"check-installed: {name}: ok, {time.monotonic() - began:.1f} s", flush=True)
        except (AssertionError, subprocess.SubprocessError) as error:
            failed += 1
            print(f"check-installed: {name}: FAILED: {error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
