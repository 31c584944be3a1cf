#!/usr/bin/env python3
"""Set Autochrome up and start it (run), or set up for development and pass all tests (test).

    python3 bootstrap.py run  [--runtime auto|cpu|gpu|directml] [PHOTO ...]      makes .venv
    python3 bootstrap.py test [PYTEST ARGUMENT ...]                              makes .venv-dev

Needs Python's own library only. What is already there is not done again; an interrupted set-up is begun anew.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python could stumble over
    sys.exit(
        "Autochrome needs Python 3.11 or newer, and this is Python %d.%d.\n"
        "Install a newer one (https://www.python.org/downloads/) and run this again with it, "
        "for example: python3.12 bootstrap.py run" % sys.version_info[:2]
    )

import argparse
import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
SAMPLE = ROOT / "resources" / "samples" / "portrait.jpg"
RESTORED = ROOT / "restored"
UNFINISHED = "autochrome-unfinished"  # lies in an environment while it is being made
STAMP = "autochrome-stamp.json"  # written last: what the environment was made for
RUNTIMES = {"cpu": "onnxruntime", "gpu": "onnxruntime-gpu", "directml": "onnxruntime-directml"}
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
# ONNX Runtime's GPU package is built for CUDA 13: driver 580 or newer, Turing (7.5) or newer; Volta and older were dropped.
CUDA_DRIVER = 580
CUDA_CAPABILITY = 7.5
# Free space the set-up wants, GB: the environment, and what pip holds while it unpacks. With CUDA, the tests took 9 for a moment.
ROOM_GB = {"cpu": 1.5, "gpu": 7.0, "directml": 1.5, "test": 4.0, "test with CUDA": 9.0}

# Shared objects Qt loads and the Debian/Ubuntu packages that hold them.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
QT_X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


class SetupFailed(Exception):
    """The set-up cannot go on; the text says why and what to do."""


class Runtime(NamedTuple):
    """Which ONNX Runtime fits this computer, and why."""

    runtime: str
    reason: str


def main(arguments: list[str]) -> int:
    """Do one of the two commands and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="run|test")
    runner = commands.add_parser("run", help="set up, restore the sample photo, open the window on it")
    runner.add_argument("--runtime", choices=["auto", *RUNTIMES], help="which ONNX Runtime; auto looks at the computer")
    commands.add_parser("test", help="set up for development, check style and types, run all tests", add_help=False)
    options, further = parser.parse_known_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a letter must not stop the set-up
    try:
        check_computer()
        return run(options.runtime, further) if options.command == "run" else test(further)
    except SetupFailed as failure:
        say(f"\n{failure}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on.")
        return 130


def run(asked: str | None, photos: list[str]) -> int:
    """Set up the app, restore the sample, open the window where there is a display."""
    folder = ROOT / ".venv"
    kept = read_stamp(folder)
    # Looking for a graphics card can take a second, so what was found the first time stands until somebody asks again.
    if asked is None and kept.get("runtime") in RUNTIMES:
        runtime = Runtime(kept["runtime"], kept.get("reason", ""))
    else:
        runtime = choose_runtime(asked or "auto")
    python = prepare(folder, [runtime.runtime], runtime)

    photo, result, picture = restore_sample(python)
    say(f"  photo          {photo}\n  restored       {result}\n  before/after   {picture}")

    display = display_name()
    if not display:
        say("There is no display here, so the window was not opened. Everything else is done.")
        return 0
    need_qt_libraries(window=True)
    say(f"Opening the window ({display}). Close it to return here.")
    return subprocess.run([python, "-m", "desktop_app", *(photos or [str(photo)])], cwd=ROOT).returncode


def test(pytest_arguments: list[str]) -> int:
    """Set up for development with CPU torch; check style and types; run every test without display and GPU."""
    need_qt_libraries(window=False)
    python = prepare(ROOT / ".venv-dev", ["cpu", "training", "dev"], Runtime("cpu", "tests need no graphics card"))
    checks = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "pytest": ["pytest", *pytest_arguments],
    }
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CUDA_VISIBLE_DEVICES": ""}
    failed = []
    for name, command in checks.items():
        say(f"\n== {' '.join(command)}")
        if subprocess.run([python, "-m", *command], cwd=ROOT, env=environment).returncode:
            failed.append(name)
    if failed:
        say(f"\nFailed: {', '.join(failed)}.")
    return 1 if failed else 0


def restore_sample(python: Path) -> tuple[Path, Path, Path]:
    """Restore a copy of the bundled sample; returns the copy, the result and the before/after picture."""
    RESTORED.mkdir(exist_ok=True)
    photo = RESTORED / SAMPLE.name
    shutil.copyfile(SAMPLE, photo)
    result = RESTORED / f"{SAMPLE.stem}-restored{SAMPLE.suffix}"
    picture = RESTORED / f"{SAMPLE.stem}-before-after.jpg"
    say(f"Restoring the sample photo ({SAMPLE.relative_to(ROOT)}).")
    restore = ["engine.cli", "restore", str(photo), "--output", str(RESTORED), "--on-conflict", "overwrite"]
    for command in (restore, ["engine.beforeafter", str(photo), str(result), str(picture)]):
        if subprocess.run([python, "-m", *command], cwd=ROOT).returncode:
            raise SetupFailed("The sample photo could not be restored; the lines above say why.")
    return photo, result, picture


def prepare(folder: Path, extras: list[str], runtime: Runtime) -> Path:
    """Make or renew the environment in `folder` unless its stamp says that it is right; returns its Python."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = {"for": fingerprint(extras), **runtime._asdict()}
    stamp = read_stamp(folder)
    whole = bool(stamp) and not (folder / UNFINISHED).exists() and works(python)
    if whole and stamp.get("for") == wanted["for"]:
        return python
    say(f"ONNX Runtime: {RUNTIMES[runtime.runtime]}, because {runtime.reason}.")
    with_torch = "training" in extras
    need_room(ROOM_GB["test" if with_torch else runtime.runtime])
    if not whole:
        make_environment(folder)
    (folder / UNFINISHED).touch()
    (folder / STAMP).unlink(missing_ok=True)
    remove_other_runtimes(python, RUNTIMES[runtime.runtime])
    if with_torch:
        install_cpu_torch(python)
    say(f"Installing Autochrome into {folder.name} (some minutes the first time; pip shows what it loads).")
    if not pip_install(python, "--editable", f".[{','.join(extras)}]"):
        other = " or add --runtime cpu" if runtime.runtime == "gpu" else ""
        raise SetupFailed(f"Installing failed; pip's lines above say why. Run the same command again{other}.")
    (folder / STAMP).write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    (folder / UNFINISHED).unlink()
    say(f"{folder.name} is ready.")
    return python


def make_environment(folder: Path) -> None:
    """An empty environment in `folder`; what an interrupted run left there is removed first."""
    if folder.exists() and any(folder.iterdir()):
        if not ((folder / UNFINISHED).exists() or (folder / STAMP).exists()):
            raise SetupFailed(f"{folder} is there already and was not made by bootstrap.py. Move it away or delete it.")
        say(f"Removing what an interrupted or moved set-up left in {folder.name}.")
        (folder / UNFINISHED).touch()
        for left in folder.iterdir():
            if left.name != UNFINISHED:
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    need_venv()
    say(f"Making a Python environment in {folder.name} with {sys.executable}.")
    folder.mkdir(exist_ok=True)
    (folder / UNFINISHED).touch()
    if subprocess.run([sys.executable, "-m", "venv", str(folder)]).returncode:
        raise SetupFailed(f"Python could not make an environment in {folder}; its lines above say why.")


def fingerprint(extras: list[str]) -> str:
    """Changes when the environment has to be installed anew: other requirements, other versions, another place."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([*parts, str(ROOT).encode(), ",".join(extras).encode()])).hexdigest()


def read_stamp(folder: Path) -> dict[str, str]:
    """What the environment was made for; empty where it is missing, unfinished or unreadable."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def works(python: Path) -> bool:
    """Whether the environment's Python still starts (the one it was made from may have been removed)."""
    try:
        return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def pip_install(python: Path, *arguments: str) -> bool:
    """Run pip in the environment, its progress shown, every version held to constraints.txt."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    command = [str(python), "-m", "pip", "install", "--constraint", "constraints.txt", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0


def remove_other_runtimes(python: Path, wanted: str) -> None:
    """Take out ONNX Runtimes other than `wanted`: they share a folder, and removing one later breaks the other."""
    look = "import importlib.metadata as m; print(*{d.metadata['Name'].lower() for d in m.distributions()})"
    found = subprocess.run([python, "-c", look], capture_output=True, text=True).stdout.split()
    runtimes = [name for name in RUNTIMES.values() if name in found]
    if runtimes not in ([], [wanted]):
        say(f"Removing {', '.join(runtimes)}: only one ONNX Runtime can be installed at a time.")
        subprocess.run([python, "-m", "pip", "uninstall", "--yes", *runtimes])


def install_cpu_torch(python: Path) -> None:
    """Torch without CUDA from PyTorch's own index; where that cannot be reached the configured index has to do."""
    if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
        return
    try:
        urllib.request.urlopen(f"{TORCH_CPU_INDEX}/torch/", timeout=5).close()
    except OSError:
        say(f"{TORCH_CPU_INDEX} cannot be reached, so torch comes from pip's own index (on Linux with CUDA, 4 GB).")
        need_room(ROOM_GB["test with CUDA" if sys.platform == "linux" else "test"])
        return
    say(f"Installing torch for the CPU from {TORCH_CPU_INDEX}.")
    # Alone: the packages it needs come with the rest, in the versions of constraints.txt, which that index may lack.
    if not pip_install(python, "--no-deps", "--index-url", TORCH_CPU_INDEX, "torch"):
        say("That did not work, so torch comes from the package index that pip is set up with.")


def check_computer() -> None:
    """Say at once what no installation could mend: a 32-bit Python, a C library too old for Qt's packages."""
    if sys.maxsize < 2**32:
        raise SetupFailed("This Python is a 32-bit one, and Qt exists only for 64 bits. Install a 64-bit Python.")
    if sys.platform == "linux":
        library, version = platform.libc_ver()
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        if library == "glibc" and numbers < (2, 34):
            raise SetupFailed(f"Qt needs glibc 2.34 or newer (Debian 12, Ubuntu 22.04), and this is {version}.")


def need_room(room_gb: float) -> None:
    """Stop before a disk is filled to the last byte."""
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if free_gb < room_gb:
        raise SetupFailed(f"The set-up needs about {room_gb:.1f} GB, and {ROOT} has {free_gb:.1f} GB left.")


def choose_runtime(asked: str) -> Runtime:
    """The ONNX Runtime that was asked for, or the one that fits this computer."""
    if asked != "auto":
        return Runtime(asked, "you asked for it")
    if sys.platform == "darwin":
        return Runtime("cpu", "on macOS it also drives Apple's own chips (CoreML)")
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return Runtime("cpu", f"the GPU package is not made for {platform.machine()}")
    runtime = runtime_for_cards(nvidia_cards())
    if runtime.runtime == "cpu" and sys.platform == "win32":
        # DirectML's package lags several versions behind and nobody has measured it here, so it is not chosen unasked.
        return runtime._replace(reason=f"{runtime.reason} (any card with DirectX 12: add --runtime directml)")
    return runtime


def nvidia_cards() -> str | None:
    """What nvidia-smi says, a card a line (name, driver, compute capability); None where it is missing or fails."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return None
    query = [tool, "--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout if answer.returncode == 0 else None


def runtime_for_cards(cards: str | None) -> Runtime:
    """The GPU package where a card ("NVIDIA H200, 580.95.05, 9.0", one a line) and its driver suit CUDA 13, else CPU."""
    if cards is None:
        return Runtime("cpu", "no working NVIDIA driver was found (nvidia-smi)")
    refused = "nvidia-smi lists no card"
    for line in filter(str.strip, cards.splitlines()):
        name, driver, capability = (*(part.strip() for part in line.rsplit(",", 2)), "", "")[:3]
        try:
            new_driver, new_card = int(driver.split(".")[0]) >= CUDA_DRIVER, float(capability) >= CUDA_CAPABILITY
        except ValueError:
            refused = f"nvidia-smi does not say enough about {name or 'the card'}"
            continue
        if new_driver and new_card:
            return Runtime("gpu", f"the {name} with driver {driver} runs CUDA 13")
        if new_card:
            refused = f"driver {driver} of the {name} is older than {CUDA_DRIVER}; with a newer one add --runtime auto"
        else:
            refused = f"the {name} has compute capability {capability}, and CUDA 13 needs {CUDA_CAPABILITY}"
    return Runtime("cpu", refused)


def display_name() -> str:
    """Where a window would appear: "Windows", "macOS", "X11 :0", "Wayland wayland-0"; empty where it would not."""
    if os.environ.get("QT_QPA_PLATFORM", "") in ("offscreen", "minimal", "vnc"):
        return ""
    if sys.platform != "linux":
        return "Windows" if sys.platform == "win32" else "macOS"
    if os.environ.get("WAYLAND_DISPLAY"):
        return f"Wayland {os.environ['WAYLAND_DISPLAY']}"
    name = os.environ.get("DISPLAY", "")
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if local and not Path(f"/tmp/.X11-unix/X{local[1]}").exists():
        return ""  # left over from another session; Qt would end with a core dump
    return f"X11 {name}" if name else ""


def need_qt_libraries(*, window: bool) -> None:
    """See that Qt will find the system libraries it loads; install or name what is missing (Linux only)."""
    if sys.platform != "linux":
        return
    wanted = QT_LIBRARIES | (QT_X11_LIBRARIES if window and os.environ.get("DISPLAY") else {})
    missing = missing_libraries(wanted)
    if not missing:
        return
    need_packages([wanted[name] for name in missing], f"Qt needs libraries that are missing: {', '.join(missing)}")
    if missing_libraries(wanted):
        raise SetupFailed(f"Qt still does not find {', '.join(missing_libraries(wanted))}.")


def missing_libraries(names: Iterable[str]) -> list[str]:
    """Those of the shared objects that cannot be loaded, tried in a process of their own."""
    look = "import ctypes, sys\nfor name in sys.argv[1:]:\n try: ctypes.CDLL(name)\n except OSError: print(name)"
    return subprocess.run([sys.executable, "-c", look, *names], capture_output=True, text=True).stdout.split()


def need_venv() -> None:
    """Debian and Ubuntu keep a part of Python's venv in a package of its own; see that it is there."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    default = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
    package = "python3-venv" if default else f"python3.{sys.version_info[1]}-venv"
    need_packages([package], "This Python cannot make environments: its venv module is a separate package")


def need_packages(packages: list[str], why: str) -> None:
    """Install Debian/Ubuntu packages as root or with a sudo that asks no password; else say the one line to type."""
    say(f"{why}; the packages are {' '.join(packages)}.")
    line = f"sudo apt install {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise SetupFailed(f"Install them with your system's package manager; on Debian and Ubuntu it is: {line}")
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        prefix = ["sudo", "-n"]
    else:
        raise SetupFailed(f"Type this line, then run the same command again:\n\n    {line}\n")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    # The lists of packages are missing in fresh containers and old elsewhere, so they are renewed first.
    subprocess.run([*apt, "update", "--quiet"])
    if subprocess.run([*apt, "install", "--yes", "--no-install-recommends", *packages]).returncode:
        raise SetupFailed(f"apt-get could not do it; its lines above say why. The line is:\n\n    {line}\n")


def say(text: str) -> None:
    """Print at once, so that the line stands before what pip and the others print."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
