"""The order of a start. What was started stands on a stack, and so ends in the reverse order."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from feedback.embedded import secret_files
from feedback.embedded.child import end_orphan
from feedback.embedded.home import Home, write_private
from feedback.embedded.servers import Servers, announce, started
from feedback.launcher import ports, readiness
from feedback.launcher.demo import Demo
from feedback.launcher.errors import LaunchError
from feedback.launcher.processes import Processes
from feedback.launcher.stopping import Stopping
from feedback.settings import Settings

ROOT = Path(__file__).parent.parent.parent
READY_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Launch:
    """One start: `environ` as the caller gave it, `settings` checked before the embedded addresses exist."""

    home: Home
    environ: Mapping[str, str]
    settings: Settings
    stopping: Stopping


def prepare(environ: Mapping[str, str], stopping: Stopping) -> Launch:
    """Check every setting before anything is started. Raises SettingsError."""
    home = Home.at(environ.get("FEEDBACK_HOME") or ".feedback")
    embedded = {"DATABASE_URL": "postgresql:///embedded", "REDIS_URL": "unix:///embedded"}
    given = {name: value for name, value in environ.items() if value}
    settings = Settings.from_env({**embedded, **secret_files.environment(home), **given})
    return Launch(home, environ, settings, stopping)


def run(launch: Launch) -> None:
    """Start everything and stay until something ends. Raises LaunchError, EmbeddedError, StopRequested."""
    with launch.home.locked(), contextlib.ExitStack() as stack:
        end_orphan(launch.home.run / "honcho.pid", "honcho", signal.SIGTERM)
        ports.check(launch.settings.web)
        say("starting PostgreSQL and Valkey")
        servers = stack.enter_context(started(launch.home, launch.environ))
        environment = child_environment(launch, servers)
        logins = migrate(launch, environment)
        demo = start_demo(launch, stack)
        if demo:
            provided = demo.providers(environment)
            environment |= provided
            announce(launch.home, {**servers.environment, **provided})
        processes = start_processes(launch, stack, environment)
        wait_ready(launch, processes)
        say_ready(launch, logins)
        if demo:
            demo.play(environment)
        watch(launch, servers, processes)


def child_environment(launch: Launch, servers: Servers) -> dict[str, str]:
    """What every process gets; the console scripts of this installation come first."""
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join((scripts, launch.environ.get("PATH", os.defpath)))
    return {**launch.environ, **servers.environment, "PATH": path}


def migrate(launch: Launch, environment: Mapping[str, str]) -> str:
    """Bring the schema up to date; returns how to log in to the demo accounts (empty without a demo)."""
    say("bringing the database up to date")
    command = (sys.executable, "-m", "feedback.cli")
    launch.stopping.run((*command, "db", "upgrade"), environment)
    if not launch.settings.demo:
        return ""
    return launch.stopping.run((*command, "accounts", "demo"), environment)


def start_demo(launch: Launch, stack: contextlib.ExitStack) -> Demo | None:
    if not launch.settings.demo or not Demo.available():
        return None
    demo = Demo(launch.stopping, launch.home.run / "demo.json")
    stack.callback(demo.stop)
    return demo


def start_processes(launch: Launch, stack: contextlib.ExitStack, environment: Mapping[str, str]) -> Processes:
    say("starting web, desk, worker and clock")
    processes = Processes(ROOT / "Procfile", environment, launch.home.logs / "service.log")
    stack.callback(processes.stop)
    write_private(launch.home.run / "honcho.pid", str(processes.pid))
    return processes


def wait_ready(launch: Launch, processes: Processes) -> None:
    web = launch.settings.web

    def settled() -> bool:
        return bool(processes.ended()) or (readiness.ready(web.public) and readiness.ready(web.desk))

    launch.stopping.wait_until(settled, READY_SECONDS, "the web surfaces are not ready")
    ended = processes.ended()
    if ended:
        raise LaunchError(ended)


def watch(launch: Launch, servers: Servers, processes: Processes) -> None:
    """Return only by raising: StopRequested, or LaunchError with the name of what ended."""
    while True:
        ended = processes.ended() or servers.ended()
        if ended:
            raise LaunchError(ended)
        launch.stopping.pause(0.5)


FIRST_ACCOUNT = "no demo accounts are made; to make one: .venv/bin/feedback accounts create EMAIL --name NAME --role admin"


def say_ready(launch: Launch, logins: str) -> None:
    web = launch.settings.web
    if not launch.settings.demo:
        logins = FIRST_ACCOUNT
    lines = ["ready", f"  citizens  {web.public.url}", f"  staff     {web.desk.url}"]
    lines += [
        f"  log       {launch.home.logs / 'service.log'}",
        *(f"  {line}" for line in logins.splitlines()),
    ]
    say("\n".join([*lines, "  Ctrl-C stops everything; the data stay in " + str(launch.home.root)]))


def say(text: str) -> None:
    sys.stdout.write(f"run: {text}\n")
    sys.stdout.flush()
