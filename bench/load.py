"""Load by wrk: keep-alive connections that send requests from a list, in turn."""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

# wrk runs this in its thread: the requests one after the other, over and over.
LUA = """
local requests = {}
for line in io.lines("%(file)s") do
  requests[#requests + 1] = line:gsub("|", "\\r\\n")
end
local threads = {}
failed = 0
function setup(thread) threads[#threads + 1] = thread end
local n = 0
function request() n = n %% #requests + 1; return requests[n] end
function response(status) if status ~= %(status)d then failed = failed + 1 end end
function done(summary, latency)
  local failures = summary.errors.connect + summary.errors.read + summary.errors.timeout
  for _, thread in ipairs(threads) do failures = failures + thread:get("failed") end
  io.write(string.format('RESULT {"requests": %%d, "micros": %%d, "p95": %%d, "failures": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(95), failures))
end
"""


@dataclass(frozen=True)
class Request:
    """One request to send."""

    path: str
    method: str = "GET"
    cookie: str = ""
    body: str = ""
    accept: str = "text/html"

    def raw(self) -> str:
        """As it goes over the line, with | for line ends."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        lines.append(f"Accept: {self.accept}")
        if self.method == "POST":
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(self.body)}")
        return "|".join([*lines, "", self.body])


@dataclass(frozen=True)
class Rate:
    """Requests a second and the 95th percentile of their times in milliseconds."""

    per_second: float
    p95_ms: float


def run(port: int, clients: int, seconds: int, requests: list[Request], status: int) -> Rate:
    """Send these requests for some seconds. Raises RuntimeError for any other status."""
    if not shutil.which("wrk"):
        raise RuntimeError("the load generator is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder, "requests"), Path(folder, "load.lua")
        lines.write_text("".join(request.raw() + "\n" for request in requests))
        script.write_text(LUA % {"file": lines, "status": status})
        done = subprocess.run(
            [
                "wrk",
                "-t1",
                f"-c{clients}",
                f"-d{seconds}s",
                "--timeout=30s",
                f"-s{script}",
                f"http://127.0.0.1:{port}/",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"RESULT (.*)", done.stdout)
    if not found:
        raise RuntimeError(done.stdout + done.stderr)
    result = json.loads(found[1])
    if result["failures"]:
        raise RuntimeError(
            f"{result['failures']} of {result['requests']} answers were not {status}"
        )
    return Rate(1e6 * result["requests"] / result["micros"], result["p95"] / 1000)
