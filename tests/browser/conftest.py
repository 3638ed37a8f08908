"""A real server, started as the operator starts it, and a real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests import nursery

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is taken: without a window's furniture it costs half as much."""
LONGEST_START_S = 240
"""Only a server that hangs takes longer, however busy the machine is."""
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Server:
    """A running instance: its address and its folder."""

    url: str
    home: Path

    @property
    def setup_link(self) -> str:
        """The address that makes the first admin."""
        return (self.home / "setup_link").read_text().strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Callable[[], Path]:
    """A function that makes the folder of a fresh instance, seeded before."""

    def make() -> Path:
        home = tmp_path_factory.mktemp("instance")
        shutil.copy(seeded_file, home / "factdeck.sqlite3")
        return home

    return make


@pytest.fixture(scope="session")
def start_server(new_home: Callable[[], Path]) -> Iterator[Callable[[], Server]]:
    """A function that starts a fresh instance; all are stopped at the end."""
    groups: list[int] = []

    def start() -> Server:
        home, port = new_home(), free_port()
        log = home.parent / f"{home.name}.log"
        group = nursery.start(nursery.surroundings(home), [port], log)
        groups.append(group)
        url = f"http://127.0.0.1:{port}"
        wait_until_up(url, log)
        return Server(url, home)

    yield start
    for group in groups:
        os.killpg(group, signal.SIGTERM)


def wait_until_up(url: str, log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"factdeck serve did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(new_home: Callable[[], Path]) -> Iterator[Server]:
    """One instance for the stories, which each bring their own people: started as operators do."""
    home, port = new_home(), free_port()
    told = {"FACTDECK_HOME": str(home), "HOST": "127.0.0.1", "PORT": str(port)}
    environment = os.environ | told
    environment.pop("DATABASE_URL", None)
    command = [str(Path(sys.executable).with_name("factdeck")), "serve"]
    with (home.parent / f"{home.name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    wait_until_up(url, Path(log.name))
    yield Server(url, home)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A system Chromium, else Playwright's own; without one, fail in CI and skip elsewhere."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    try:
        if path is None:
            subprocess.run(
                [sys.executable, "-m", "playwright", "install", "chromium"],
                check=True,
                timeout=300,
            )
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
    except Exception as error:
        if os.environ.get("CI"):
            raise
        warnings.simplefilter("default")
        sys.stderr.write("\n*** NO CHROMIUM: the browser stories were NOT run. ***\n")
        pytest.skip(f"no browser: {error}")
    yield started
    started.close()


@pytest.fixture
def viewport() -> dict[str, int]:
    """The size at which a story is walked; `check_page` looks at each page at both sizes."""
    return WIDE


on_both_screens = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
"""For the stories that learners live with hands and thumbs: they are walked at both sizes."""


@pytest.fixture
def new_page(browser: Browser, viewport: dict[str, int]) -> Iterator[Callable[[], Page]]:
    """A function that opens a page as a new person; scripts' errors and CSP reports fail."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page() -> Page:
        context = browser.new_context(viewport=viewport, reduced_motion="reduce")
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _listen(line.type, line.text))
        return page

    def _listen(kind: str, text: str) -> None:
        # A refused form is a 4xx page by design; the browser logs those by itself.
        if kind == "error" and "Failed to load resource" not in text:
            complaints.append(text)

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
