"""The processes under test: how each is started, addressed, measured and stopped. Loopback only."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process tree that answers HTTP. Subclasses say how to start it and what a file is called."""

    name = "?"
    process = None

    def url(self, item):
        raise NotImplementedError

    def pids(self):
        """The started process and all its descendants."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    stat = pathlib.Path("/proc", entry, "stat").read_text()
                except OSError:
                    continue
                parents[int(entry)] = int(stat.rsplit(")", 1)[1].split()[1])
        found = {self.process.pid}
        while True:
            more = {pid for pid, parent in parents.items() if parent in found} - found
            if not more:
                return sorted(found)
            found |= more

    def cpu(self):
        """Seconds of user and system time of all processes so far."""
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def memory(self, field):
        """Sum over the processes of a line of /proc/PID/status, in MiB."""
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(field + ":"):
                    total += int(line.split()[1])
        return total / 1024

    def reset_peak(self):
        for pid in self.pids():
            pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")

    def wait_until_up(self, item="small-0", limit=30):
        """Seconds from now until the first right answer."""
        start = time.monotonic()
        while time.monotonic() - start < limit:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode} at its start")
            try:
                with urllib.request.urlopen(self.url(item), timeout=5) as answer:
                    if len(answer.read()) == 4096:
                        return time.monotonic() - start
            except OSError:
                time.sleep(0.005)
        raise RuntimeError(f"{self.name} did not answer within {limit} s")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Origin(Server):
    """bench/origin: upstream of the others, and itself the server of a direct download."""

    name = "direct"

    def __init__(self, directory, size):
        self.size = size
        self.process = subprocess.Popen(
            [JAVA, "-Xmx256m", str(HERE / "origin" / "Main.java"), str(directory), str(size)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if not line:
            raise RuntimeError("the origin did not start")
        self.port = int(line[1])
        ids = pathlib.Path(directory, f"ids-{size}").read_text().split()
        self.ids = dict(zip(ids[::2], ids[1::2]))

    def url(self, item):
        return f"http://127.0.0.1:{self.port}/plain/{item}"

    def set(self, **values):
        query = "&".join(f"{k}={v}" for k, v in values.items())
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_/set?{query}").read()

    def sent(self, item):
        """Body bytes of this object that were handed to the network since the start."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_/stats") as answer:
            return json.load(answer).get(item, {"bytes": 0})["bytes"]

    def begin(self, directory, log):
        pass

    def end(self):
        pass


class Cache(Server):
    """A server with a directory of its own, empty at `begin` and removed at `end`."""

    def __init__(self, origin):
        self.origin = origin

    def begin(self, directory, log):
        self.directory = pathlib.Path(directory, self.name)
        self.log = open(log, "ab")
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        self.port = free_port()
        self.start()
        self.wait_until_up()

    def end(self):
        self.stop()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


class Nginx(Cache):
    name = "nginx"

    def url(self, item):
        return f"http://127.0.0.1:{self.port}/plain/{item}"

    def start(self):
        text = (HERE / "nginx.conf").read_text()
        for key, value in (("@DIR@", self.directory), ("@PORT@", self.port),
                           ("@ORIGIN@", self.origin.port)):
            text = text.replace(key, str(value))
        conf = self.directory / "nginx.conf"
        conf.write_text(text)
        self.process = subprocess.Popen(
            ["nginx", "-p", str(self.directory), "-c", str(conf)], stdout=self.log, stderr=self.log)


class Larder(Cache):
    name = "larder"

    def __init__(self, origin, command):
        super().__init__(origin)
        self.command = command

    def url(self, item):
        return f"http://127.0.0.1:{self.port}/hf/bench/files/resolve/main/{item}"

    def start(self):
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith(("LARDER_", "HF_", "PRIMARY_", "SECONDARY_"))}
        clean.update(
            LARDER_HOME=str(self.directory / "home"), LARDER_HOST="127.0.0.1",
            LARDER_PORT=str(self.port), LARDER_MIN_FREE="1GB",
            LARDER_HUB_UPSTREAM=f"http://127.0.0.1:{self.origin.port}",
            LARDER_ALLOW_PRIVATE="127.0.0.0/8")
        self.process = subprocess.Popen(
            self.command, env=clean, cwd=self.directory, stdout=self.log, stderr=self.log)
