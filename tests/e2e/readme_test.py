#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the README as a newcomer would: sample year, then every command of the tour.

The commands come from the README's ```sh blocks, run in order in one bash that stops at the first failure. The two
commands of its ```console block are checked to exist; they start this very test, and a deployment beside it.
Then the receipt of every event of the sample year is fetched, everything is stopped, and all are verified offline.
"""

import http.client
import json
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
    "looks whether all papers are there",  # what comes next
    "has arrived in your zone and waits to be accepted",  # inbox
    "accepted for review",
    "the decision is next",
    "Agreement in force, certificate genuine.",  # timeline
    "zonelink.test/ledger",  # the ledger's name
    "witness.test",  # who cosigned
]
WITNESS = "witness.test"


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, text=True, **more)


def url_words(url):
    return [word for word in url.split() if not word.startswith("dbname=")]


def write_private(path, text):
    path.write_text(text)
    path.chmod(0o600)


def ed25519_key(path):
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", path, stderr=subprocess.DEVNULL)
    path.chmod(0o600)
    return path


def verifier_key(name, key, *more):
    return run(BIN / "zonelinkd", "verifier-key", "--name", name, "--key-file", key, *more, capture_output=True).stdout.strip()


class Program:
    """A zonelinkd that has said which ports it took."""

    def __init__(self, folder, name, *arguments):
        ready = folder / f"{name}.ready"
        self.log = folder / f"{name}.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([BIN / "zonelinkd", *arguments, "--ready-file", ready], stderr=log)
        deadline = time.monotonic() + 30
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{name} did not start:\n" + self.log.read_text())
            time.sleep(0.05)
        self.ports = dict(line.split("=") for line in ready.read_text().split())

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)


class Deployment:
    """zonelinkd and a witness on a database of their own and free ports."""

    def __init__(self, folder):
        self.folder = folder
        self.database = "zl_readme_" + secrets.token_hex(4)
        words = url_words(ADMIN_URL)
        self.cluster = " ".join(words + ["dbname=postgres"])
        admin = " ".join(words + ["dbname=" + self.database])
        plain = " ".join([w for w in words if not re.match(r"(user|passfile|password)=", w)] + ["dbname=" + self.database])
        PASSWORDS.mkdir(parents=True, exist_ok=True)
        self.programs = []
        key = ed25519_key(folder / "signing.pem")
        ledger_key = ed25519_key(folder / "ledger.pem")
        witness_key = ed25519_key(folder / "witness.pem")
        self.log_key = verifier_key("zonelink.test/ledger", ledger_key)
        self.witness_key = verifier_key(WITNESS, witness_key, "--cosigner")
        (folder / "witness").mkdir()
        (folder / "witness.yaml").write_text(
            f'name: {WITNESS}\nsigning_key_file: "{witness_key}"\nstate_dir: "{folder / "witness"}"\nport: 0\n'
            f'logs: {{zonelink.test/ledger: "{self.log_key}"}}\n')
        witness = self.run("witness", "witness", "--config", folder / "witness.yaml")
        write_private(folder / "secret", secrets.token_hex(32))
        write_private(folder / "documents-key", secrets.token_hex(32))
        write_private(folder / "password", "zonelink-sample\n")
        self.config = folder / "zonelink.yaml"
        self.config.write_text(
            f'http: {{port: 0, admin_port: 0}}\n'
            f'database: {{url: "{plain}", admin_url: "{admin}", password_dir: "{PASSWORDS}"}}\n'
            f'auth: {{signing_key_file: "{key}", secret_file: "{folder / "secret"}"}}\n'
            f'documents: {{key_file: "{folder / "documents-key"}"}}\n'
            f'clock: {{controllable: true}}\n'
            f'limits: {{requests_per_caller: 5000, requests_per_address: 5000}}\n'
            f'ledger: {{origin: zonelink.test/ledger, signing_key_file: "{ledger_key}", state_file: "{folder / "last-signed"}",'
            f' witnesses: {{"{self.witness_key}": "http://127.0.0.1:{witness.ports["http"]}"}}}}\n')

    def psql(self, statement):
        run("psql", "-q", "-d", self.cluster, "-c", statement)

    def start(self):
        self.psql(f"CREATE DATABASE {self.database}")
        year_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 365 * 86400))
        run(BIN / "zonelinkd", "migrate", "--config", self.config, "--clock-start", year_ago)
        run(BIN / "zonelinkd", "bootstrap", "--config", self.config, "--password-file", self.folder / "password")
        return f"http://127.0.0.1:{self.run('zonelinkd', '--config', self.config).ports['http']}"

    def run(self, name, *arguments):
        self.programs.append(Program(self.folder, name, *arguments))
        return self.programs[-1]

    def stop(self):
        for program in reversed(self.programs):
            program.stop()

    def drop(self):
        self.psql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


def tour_script():
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    assert len(blocks) >= 4, "the tour's blocks"
    return "set -euo pipefail\n" + "\n".join(blocks).replace("$PWD/build/release/bin", str(BIN))


def check_dev_commands():
    known = run(ROOT / "dev", "help", capture_output=True).stdout
    for verb in re.findall(r"\./dev ([a-z]+)", (ROOT / "README.md").read_text()):
        assert re.search(rf"^\s*{verb}\b", known, re.M), f"./dev {verb} is in the README and not in ./dev help"


def rows(deployment, statement):
    words = " ".join(url_words(ADMIN_URL) + ["dbname=" + deployment.database])
    return run("psql", "-qAt", "-d", words, "-c", statement, capture_output=True).stdout.split()


def fetch_receipts(deployment, url, folder):
    """The receipt of every event, as the auditor gets it."""
    services = ("directory", "recognition", "worklist", "ledger", "documents")
    wanted = rows(deployment, " UNION ALL ".join(f"SELECT event_id FROM {s}.events" for s in services))
    client = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)

    def ask(method, path, body=None, **headers):
        client.request(method, path, body, headers)
        answer = client.getresponse()
        return answer.status, answer.read()

    status, body = ask("POST", "/v1/sessions", json.dumps({"username": "auditor", "password": "zonelink-sample"}),
                       **{"Content-Type": "application/json"})
    assert status == 200, body
    token = json.loads(body)["accessToken"]
    folder.mkdir()
    for event_id in wanted:
        deadline = time.monotonic() + 30
        while True:
            status, body = ask("GET", f"/v1/ledger/receipts/{event_id}", Authorization=f"Bearer {token}")
            if status == 200:
                break
            assert status == 409 and time.monotonic() < deadline, (event_id, status, body)
            time.sleep(0.05)
        receipt = json.loads(body)
        assert receipt["salt"] and receipt["anchored"], receipt
        (folder / f"{event_id}.json").write_bytes(body)
    return sorted(folder.iterdir())


def verify_offline(deployment, receipts, environment):
    """Nothing runs any more; one flipped byte is found."""
    trust = ["--key", deployment.log_key, "--witness", deployment.witness_key, "--quorum", "1"]
    for begin in range(0, len(receipts), 500):
        run(BIN / "zonelink", "ledger", "verify", *receipts[begin:begin + 500], *trust, env=environment,
            stdout=subprocess.DEVNULL)
    broken = json.loads(receipts[0].read_text())
    broken["salt"] = ("B" if broken["salt"][0] == "A" else "A") + broken["salt"][1:]
    receipts[0].write_text(json.dumps(broken))
    refused = subprocess.run([BIN / "zonelink", "ledger", "verify", receipts[0], *trust], env=environment, text=True,
                             capture_output=True)
    assert refused.returncode != 0 and "COMMITMENT_MISMATCH" in refused.stdout + refused.stderr, refused
    print(f"{len(receipts)} receipts verified offline")


def main():
    check_dev_commands()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zl-readme-"))
    deployment = Deployment(folder)
    try:
        url = deployment.start()
        run(BIN / "zonelink-sample", "--url", url, "--password-file", folder / "password", "--seed", "7")
        environment = dict(os.environ, ZONELINK_URL=url, HOME=str(folder))
        tour = subprocess.run(["bash", "-c", tour_script().replace("/tmp/", f"{folder}/")], cwd=ROOT, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(tour.stdout)
        assert tour.returncode == 0, f"the tour stopped with {tour.returncode}"
        for text in EXPECTED:
            assert text in tour.stdout, f"not seen on the tour: {text}"
        receipts = fetch_receipts(deployment, url, folder / "receipts")
        deployment.stop()
        verify_offline(deployment, receipts, environment)
    finally:
        deployment.stop()
        deployment.drop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
