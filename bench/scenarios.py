"""What is measured. Each scenario is a function of one server and one round and gives named numbers."""

import hashlib
import os
import random
import re
import socket
import subprocess
import tempfile
import time

from servers import HERE, JAVA, MIB

RANGES = 2048
LIMIT = 300  # seconds any client may take
CURL = ["curl", "-s", "-o", "/dev/null", "--max-time", str(LIMIT), "-w",
        "%{http_code} %{time_starttransfer} %{time_total} %{size_download} %{exitcode}\n"]


class Context:
    """One server in one round: the origin, the sizes, and a cold object that nobody asked for yet."""

    def __init__(self, origin, server, cold, seconds, seed):
        self.origin, self.server, self.cold, self.seconds, self.seed = origin, server, cold, seconds, seed

    @property
    def size(self):
        return self.origin.size


def curl(urls_and_options):
    """Runs one curl per entry at the same time; dicts in the order given, and the wall time."""
    start = time.monotonic()
    running = [subprocess.Popen(CURL + list(options), stdout=subprocess.PIPE, text=True)
               for options in urls_and_options]
    answers = []
    for process in running:
        out = process.communicate()[0].split()
        answers.append(dict(code=int(out[0]), first=float(out[1]), total=float(out[2]),
                            bytes=int(out[3]), exit=int(out[4])))
    return answers, time.monotonic() - start


class Usage:
    """Server CPU of a block, and the peak of its memory."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.server.reset_peak()
        self.before = self.server.cpu()
        return self

    def __exit__(self, *_):
        self.cpu = self.server.cpu() - self.before
        self.peak = self.server.memory("VmHWM")


def throughput(clients, wall, usage, answers, size):
    bytes_ = sum(a["bytes"] for a in answers)
    failed = sum(a["exit"] != 0 or a["bytes"] != size for a in answers)
    return {"GB/s": bytes_ / wall / 1e9, "CPU s/GB": usage.cpu / (bytes_ / 1e9),
            "peak MiB": usage.peak, "failed": failed}


def warm(clients):
    def run(c):
        repeats = max(1, 4 // clients)
        answers, wall = [], 0
        with Usage(c.server) as usage:
            for _ in range(repeats):
                some, took = curl([[c.server.url("big-0")]] * clients)
                answers += some
                wall += took
        return throughput(clients, wall, usage, answers, c.size)
    return run


def ranges(c):
    """2048 random 1 MiB ranges of the warm file over 8 kept connections."""
    with Usage(c.server) as usage:
        good, wall = random_ranges(c.server, c.size, c.seed)
    bytes_ = good * MIB
    return {"GB/s": bytes_ / wall / 1e9, "CPU s/GB": usage.cpu / max(bytes_ / 1e9, 1e-9),
            "peak MiB": usage.peak, "failed": RANGES - good}


def random_ranges(server, size, seed):
    """How many came whole, and the wall time."""
    pick = random.Random(seed)
    with tempfile.NamedTemporaryFile("w", suffix=".curl") as config:
        for i in range(RANGES):
            at = pick.randrange(0, size - MIB)
            config.write(f'url="{server.url("big-0")}"\nrange={at}-{at + MIB - 1}\n'
                         f'output=/dev/null\nwrite-out="%{{http_code}}:%{{size_download}};"\n'
                         + ("next\n" if i < RANGES - 1 else ""))
        config.flush()
        start = time.monotonic()
        out = subprocess.run(
            ["curl", "-s", "-Z", "--parallel-max", "8", "--max-time", str(LIMIT), "-K", config.name],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    return out.count(f"206:{MIB};"), time.monotonic() - start


def small_get(c):
    with Usage(c.server) as usage:
        out = subprocess.run(
            ["wrk", "-t1", "-c16", f"-d{c.seconds}s", "--latency", c.server.url("small-0")],
            stdout=subprocess.PIPE, text=True, check=True).stdout
    count = int(re.search(r"(\d+) requests in", out)[1])
    bad = sum(int(n) for n in re.findall(r"(?:Non-2xx or 3xx responses:|connect|read|write|timeout) (\d+)", out))
    return {"req/s": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            "p50 ms": millis(out, "50%"), "p99 ms": millis(out, "99%"),
            "CPU us/req": usage.cpu * 1e6 / max(count, 1), "peak MiB": usage.peak, "failed": bad}


def small_head(c):
    heads(c.server, 1)
    with Usage(c.server) as usage:
        count, bad, seconds, p50, p99 = heads(c.server, c.seconds)
    return {"req/s": count / seconds, "p50 ms": p50 / 1e3, "p99 ms": p99 / 1e3,
            "CPU us/req": usage.cpu * 1e6 / max(count, 1), "peak MiB": usage.peak, "failed": int(bad)}


def heads(server, seconds):
    out = subprocess.run([JAVA, "-Xmx128m", str(HERE / "load" / "Heads.java"), server.url("small-0"), "16", str(seconds)],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    return [float(part) for part in out.split()]


def millis(out, quantile):
    number, unit = re.search(quantile + r"\s+([\d.]+)(us|ms|s)", out).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def cold(c):
    """One client asks for a whole file that is not there."""
    before = c.origin.sent(c.cold)
    with Usage(c.server) as usage:
        (answer,), _ = curl([[c.server.url(c.cold)]])
    return {"first byte ms": answer["first"] * 1e3, "total s": answer["total"],
            "MB/s": answer["bytes"] / answer["total"] / 1e6,
            "CPU s/GB": usage.cpu / (c.size / 1e9), "peak MiB": usage.peak,
            "upstream x": (c.origin.sent(c.cold) - before) / c.size,
            "failed": int(answer["bytes"] != c.size)}


def slow(c):
    c.origin.set(connection=50_000_000)
    return cold(c)


def herd(c):
    """16 clients at once ask for a cold file; the origin sends 200 MB/s in all. Direct: 16 clients ask the origin for the
    first MiB, so that their start costs the same, then one downloads the file."""
    c.origin.set(total=200_000_000)
    direct = c.server is c.origin
    crowd = curl([["-r", f"0-{MIB - 1}", c.server.url(c.cold)]] * 16)[0] if direct else []
    before = c.origin.sent(c.cold)
    with Usage(c.server) as usage:
        answers, _ = curl([[c.server.url(c.cold)]] * (1 if direct else 16))
    return {"worst first byte ms": max(a["first"] for a in crowd or answers) * 1e3,
            "last byte s": max(a["total"] for a in answers), "CPU s": usage.cpu,
            "peak MiB": usage.peak, "upstream x": (c.origin.sent(c.cold) - before) / c.size,
            "failed": sum(a["bytes"] != c.size for a in answers)}


def cold_range(c):
    """1 MiB in the middle of a cold file, and the same once more."""
    before = c.origin.sent(c.cold)
    middle = c.size // 2
    ask = [["-r", f"{middle}-{middle + MIB - 1}", c.server.url(c.cold)]]
    (first,), _ = curl(ask)
    settle(c, c.cold)
    fetched = c.origin.sent(c.cold) - before
    (again,), _ = curl(ask)
    settle(c, c.cold)
    return {"first byte ms": first["first"] * 1e3, "total ms": first["total"] * 1e3,
            "upstream MiB": fetched / MIB,
            "again MiB": (c.origin.sent(c.cold) - before - fetched) / MIB,
            "failed": sum(a["code"] != 206 or a["bytes"] != MIB for a in (first, again))}


def settle(c, item):
    """Waits until the origin has sent nothing more of the object for half a second."""
    last, since = -1, time.monotonic()
    while time.monotonic() - since < 0.5:
        now = c.origin.sent(item)
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(0.05)


def resume(c):
    """The origin drops every connection of the object once, when half of it has been sent."""
    before = c.origin.sent(c.cold)
    c.origin.set(total=400_000_000, cut=c.cold)
    got = tempfile.NamedTemporaryFile(dir=os.environ.get("BENCH_TMP"))
    with got:
        start = time.monotonic()
        code = subprocess.run(["curl", "-s", "--max-time", "60", "-o", got.name,
                               c.server.url(c.cold)], check=False).returncode
        took = time.monotonic() - start
        size = os.path.getsize(got.name)
        right = sha256(got.name) == c.origin.ids[c.cold]
    return {"first try got x": size / c.size, "whole": int(right), "curl exit": code, "total s": took,
            "upstream x": (c.origin.sent(c.cold) - before) / c.size}


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def idle(c):
    """2000 kept connections that asked for one small file and then for nothing; then once more."""
    host, path = c.server.url("small-0").removeprefix("http://").split("/", 1)
    address = (host.split(":")[0], int(host.split(":")[1]))
    ask = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    warm_up = [answered(address, ask) for _ in range(50)]
    for connection in warm_up:
        connection.close()
    before = c.server.memory("VmRSS")
    connections = [answered(address, ask) for _ in range(2000)]
    after = c.server.memory("VmRSS")
    time.sleep(c.seconds)
    still = sum(whole_answer(connection, ask) for connection in connections)
    for connection in connections:
        connection.close()
    return {"RSS before MiB": before, "RSS after MiB": after,
            "KiB/connection": (after - before) * 1024 / 2000, "still open": still}


def answered(address, ask):
    connection = socket.create_connection(address, timeout=10)
    if not whole_answer(connection, ask):
        raise RuntimeError("no answer on a new connection")
    return connection


def whole_answer(connection, ask):
    try:
        connection.sendall(ask)
        data = b""
        while b"\r\n\r\n" not in data or len(data.split(b"\r\n\r\n", 1)[1]) < 4096:
            more = connection.recv(65536)
            if not more:
                return False
            data += more
        return data.startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def startup(c):
    """From starting the process to a cached file's last byte."""
    c.server.stop()
    start = time.monotonic()
    c.server.start()
    c.server.wait_until_up()
    ready = time.monotonic() - start
    return {"ready s": ready, "CPU s": c.server.cpu(), "RSS MiB": c.server.memory("VmRSS")}


# name: (what runs it, servers beside larder, how the caches are prepared)
ALL = {
    "warm-1": (warm(1), ["nginx"], "warm"),
    "warm-4": (warm(4), ["nginx"], "warm"),
    "warm-16": (warm(16), ["nginx"], "warm"),
    "range": (ranges, ["nginx"], "range"),
    "small-get": (small_get, ["nginx"], "small"),
    "small-head": (small_head, ["nginx"], "small"),
    "cold-full": (cold, ["nginx", "direct"], "cold"),
    "cold-50MBps": (slow, ["nginx", "direct"], "cold"),
    "herd-16": (herd, ["nginx", "direct"], "cold"),
    "range-on-cold": (cold_range, ["nginx", "direct"], "cold"),
    "resume-after-cut": (resume, ["nginx", "direct"], "cold"),
    "idle-2000": (idle, ["nginx"], "fresh"),
    "startup": (startup, ["nginx"], "fresh"),
}
