#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the README as a newcomer would: sample year, then every command of the tour.

The commands come from the README's ```sh blocks, run in order in one bash that stops at the first failure. The two
commands of its ```console block are checked to exist; they start this very test, and a deployment beside it.
"""

import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ["ZONELINK_BIN_DIR"])
ADMIN_URL = os.environ["ZONELINK_TEST_ADMIN_URL"]
# Roles belong to the whole test cluster, so all tests share their passwords.
PASSWORDS = pathlib.Path(os.environ["ZONELINK_TEST_DIR"]) / "passwords"

# What a newcomer must have seen by the end of the tour.
EXPECTED = [
    "recognised at once",  # pre-check for Jiangsu
    "the zone's authority decides",  # pre-check for Zhejiang
    "a verifier of the zone accepts it",
    "has arrived in your zone and waits to be accepted",  # inbox
    "accepted for review",
    "a reviewer who did not verify decides",
    "Agreement in force, certificate genuine.",  # timeline
]


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, text=True, **more)


def url_words(url):
    return [word for word in url.split() if not word.startswith("dbname=")]


def write_private(path, text):
    path.write_text(text)
    path.chmod(0o600)


class Deployment:
    """zonelinkd on a database of its own and free ports."""

    def __init__(self, folder):
        self.folder = folder
        self.database = "zl_readme_" + secrets.token_hex(4)
        words = url_words(ADMIN_URL)
        self.cluster = " ".join(words + ["dbname=postgres"])
        admin = " ".join(words + ["dbname=" + self.database])
        plain = " ".join([w for w in words if not re.match(r"(user|passfile|password)=", w)] + ["dbname=" + self.database])
        PASSWORDS.mkdir(parents=True, exist_ok=True)
        key = folder / "signing.pem"
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key, stderr=subprocess.DEVNULL)
        key.chmod(0o600)
        write_private(folder / "secret", secrets.token_hex(32))
        write_private(folder / "password", "zonelink-sample\n")
        self.config = folder / "zonelink.yaml"
        self.config.write_text(
            f'http: {{port: 0, admin_port: 0}}\n'
            f'database: {{url: "{plain}", admin_url: "{admin}", password_dir: "{PASSWORDS}"}}\n'
            f'auth: {{signing_key_file: "{key}", secret_file: "{folder / "secret"}"}}\n'
            f'clock: {{controllable: true}}\n')

    def psql(self, statement):
        run("psql", "-q", "-d", self.cluster, "-c", statement)

    def start(self):
        self.psql(f"CREATE DATABASE {self.database}")
        year_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 365 * 86400))
        run(BIN / "zonelinkd", "migrate", "--config", self.config, "--clock-start", year_ago)
        run(BIN / "zonelinkd", "bootstrap", "--config", self.config, "--password-file", self.folder / "password")
        ready = self.folder / "ready"
        log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([BIN / "zonelinkd", "--config", self.config, "--ready-file", ready], stderr=log)
        deadline = time.monotonic() + 30
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit("zonelinkd did not start:\n" + (self.folder / "log").read_text())
            time.sleep(0.05)
        ports = dict(line.split("=") for line in ready.read_text().split())
        return f"http://127.0.0.1:{ports['http']}"

    def stop(self):
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.psql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


def tour_script():
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    assert len(blocks) >= 4, "the tour's blocks"
    return "set -euo pipefail\n" + "\n".join(blocks).replace("$PWD/build/release/bin", str(BIN))


def check_dev_commands():
    known = run(ROOT / "dev", "help", capture_output=True).stdout
    for verb in re.findall(r"\./dev ([a-z]+)", (ROOT / "README.md").read_text()):
        assert re.search(rf"^\s*{verb}\b", known, re.M), f"./dev {verb} is in the README and not in ./dev help"


def main():
    check_dev_commands()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zl-readme-"))
    deployment = Deployment(folder)
    try:
        url = deployment.start()
        run(BIN / "zonelink-sample", "--url", url, "--password-file", folder / "password", "--seed", "7")
        environment = dict(os.environ, ZONELINK_URL=url, HOME=str(folder))
        tour = subprocess.run(["bash", "-c", tour_script()], cwd=ROOT, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(tour.stdout)
        assert tour.returncode == 0, f"the tour stopped with {tour.returncode}"
        for text in EXPECTED:
            assert text in tour.stdout, f"not seen on the tour: {text}"
    finally:
        deployment.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
