"""Uses the installed Flatpak as a person does, and looks at what its sandbox lets it do. Called by `test-flatpak`."""

import json
import os
import pathlib
import subprocess
import sys
import time

WORK = pathlib.Path(os.environ["work"])
TARGET = pathlib.Path(os.environ["target"])
ID = os.environ["id"]
HOME = pathlib.Path(os.environ["HOME"])

# What the sandbox may do: this and nothing else.
PERMISSIONS = {
    "Context": {
        "shared": {"network", "ipc"},
        "sockets": {"x11", "wayland", "pulseaudio", "fallback-x11"},
        "devices": {"dri"},
    },
    "Session Bus Policy": {"org.freedesktop.secrets": {"talk"}},
    "System Bus Policy": {"org.freedesktop.login1": {"talk"}},
}

# Seconds that a start may take: this is no measurement.
PATIENCE = 60


# Seconds for a command of flatpak: only so that a hanging one ends. Packing a bundle takes minutes on a busy machine.
LONGEST = 1800


class Wrong(AssertionError):
    """What was looked at is not as it should be."""


def step(text):
    print(f"test-flatpak: {text}", flush=True)


def output(*command, check=True, stdin=None):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, input=stdin, timeout=LONGEST)
    if check and done.returncode != 0:
        raise Wrong(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout if check else done


def flatpak(*arguments):
    return output("flatpak", "--user", *arguments)


def reel(*arguments, stdin=None):
    return output("flatpak", "run", "--user", "--command=gnome-reel", ID, *arguments, stdin=stdin)


def inside(script):
    return output("flatpak", "run", "--user", "--command=sh", ID, "-c", script, check=False)


def permissions():
    found, section = {}, None
    for line in flatpak("info", "--show-permissions", ID).splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif "=" in line:
            key, values = line.split("=", 1)
            section[key] = {value for value in values.split(";") if value}
    wanted = json.loads(json.dumps(PERMISSIONS, default=sorted))
    if json.loads(json.dumps(found, default=sorted)) != wanted:
        raise Wrong(f"the permissions are {found}")
    allowed = [value for values in found.pop("Context").values() for value in values]
    step(f"permissions: {', '.join(sorted(allowed) + sorted(name for group in found.values() for name in group))}")


def walls():
    secret = HOME / "secret.txt"
    secret.write_text("nothing for a sandbox")
    if inside(f"cat {secret}").returncode == 0:
        raise Wrong("the sandbox reads the home folder")
    if inside(f"echo x > {HOME}/made-inside").returncode == 0 and (HOME / "made-inside").exists():
        raise Wrong("the sandbox writes into the home folder")
    portal = "gdbus call --session --dest org.freedesktop.portal.Desktop --object-path /org/freedesktop/portal/desktop --method org.freedesktop.DBus.Peer.Ping"
    if inside(portal).returncode == 0:
        raise Wrong("there is a portal: its absence was to be tried")
    step("walls: no file of the home folder is read or written; no portal answers")


def window():
    """The app opens its window, without any portal, and ends when it is told to."""
    with (WORK / "app.log").open("w+") as log:
        process = subprocess.Popen(["flatpak", "run", "--user", ID], stdout=log, stderr=log)
        try:
            began = time.monotonic()
            search = ["xdotool", "search", "--onlyvisible", "--class", "reel"]
            while not subprocess.run(search, capture_output=True, text=True, check=False).stdout.strip():
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    log.seek(0)
                    raise Wrong(f"no window, status {process.poll()}:\n{log.read()[-3000:]}")
                time.sleep(0.2)
            time.sleep(3)
            if process.poll() is not None:
                raise Wrong("the app ended by itself")
            subprocess.run(["import", "-window", "root", str(TARGET / "flatpak-window.png")], check=False)
        finally:
            # Not `flatpak kill`: it may leave the program running. The sandbox dies with its first process.
            process.terminate()
            process.wait(PATIENCE)
        log.seek(0)
        if "panicked" in log.read():
            raise Wrong("the log says panicked")
    step("window: there, in the sandbox, without portals")


class Server:
    """The demo's servers, outside of the sandbox."""

    def __enter__(self):
        self.ready = WORK / "demo.json"
        self.ready.unlink(missing_ok=True)
        command = [TARGET / "debug" / "reel-testbed", "demo", "--folder", WORK / "films", "--ready-file", self.ready]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        began = time.monotonic()
        while not self.ready.exists() or not self.ready.stat().st_size:
            if self.process.poll() is not None or time.monotonic() - began > 120:
                raise Wrong("the demo's servers did not start")
            time.sleep(0.1)
        return json.loads(self.ready.read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def add_a_server(demo):
    reel(
        *("sources", "add", "jellyfin", "--url", demo["jellyfin_url"], "--username", demo["jellyfin_username"]),
        stdin=demo["jellyfin_password"],
    )
    reel("sync")
    report = reel("doctor")
    line = next(line for line in report.splitlines() if line.startswith("Credentials"))
    if "keyring" not in line.lower():
        raise Wrong(f"credentials are not in the keyring: {line}")
    if list((HOME / ".var/app" / ID).rglob("credentials.json")):
        raise Wrong("the token is in a file")
    step(f"keyring: {' '.join(line.split())}")


def sources():
    return json.loads(reel("sources", "list", "--json"))


def items():
    return sum(library["item_count"] for library in json.loads(reel("libraries", "--json")))


def main():
    flatpak("install", "-y", "--noninteractive", "reel", ID)
    step(f"installed: {reel('--version').strip()}")
    permissions()
    walls()
    window()
    with Server() as demo:
        add_a_server(demo)
        before = (sources(), items())
        commit = flatpak("info", "--show-commit", ID)
        output("bash", "-euc", "next_version")
        flatpak("update", "-y", "--noninteractive", ID)
        if flatpak("info", "--show-commit", ID) == commit:
            raise Wrong("nothing was updated")
        if "0.1.1" not in inside(f"cat /app/share/metainfo/{ID}.metainfo.xml").stdout:
            raise Wrong("it is not the next version")
        if (sources(), items()) != before:
            raise Wrong("the update lost something")
        reel("sync")
        step(f"update: 0.1.0 to 0.1.1, {len(before[0])} source and {before[1]} items kept, signed in still")

        bundle = WORK / f"{ID}.flatpak"
        output("flatpak", "build-bundle", WORK / "apps", bundle, ID)
        flatpak("uninstall", "-y", "--noninteractive", ID)
        flatpak("install", "-y", "--noninteractive", "--bundle", bundle)
        if (sources(), items()) != before:
            raise Wrong("installing the bundle lost something")
        step(f"bundle: a single file of {bundle.stat().st_size // 1_000_000} MB, installed")
    flatpak("uninstall", "-y", "--noninteractive", "--delete-data", ID)
    if (HOME / ".var/app" / ID).exists():
        raise Wrong("the data is still there")
    step("removed, with its data")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as wrong:
        print(f"test-flatpak: FAILED: {wrong}", file=sys.stderr)
        sys.exit(1)
