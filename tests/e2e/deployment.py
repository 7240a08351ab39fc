# SPDX-License-Identifier: Apache-2.0
"""A deployment of a test's own, and its API as people use it."""

import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ["ZONELINK_BIN_DIR"])
ADMIN_URL = os.environ["ZONELINK_TEST_ADMIN_URL"]
# Roles belong to the whole test cluster, so all tests share their passwords.
PASSWORDS = pathlib.Path(os.environ["ZONELINK_TEST_DIR"]) / "passwords"

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
        self.psql(f"REVOKE TEMPORARY ON DATABASE {self.database} FROM PUBLIC")
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


class Client:
    """One kept-alive connection; signed in, or nobody."""

    def __init__(self, url, username=None):
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self.headers = {}
        if username:
            session = self.post("/v1/sessions", {"username": username, "password": "zonelink-sample"})
            self.headers["Authorization"] = "Bearer " + session["accessToken"]

    def ask(self, method, path, body=None, **headers):
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def get(self, path):
        status, body = self.ask("GET", path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def post(self, path, message):
        status, body = self.ask("POST", path, json.dumps(message), **{"Content-Type": "application/json"})
        assert status in (200, 201), (path, status, body)
        return json.loads(body)

    def all(self, path):
        """Every entry of a list, page by page."""
        joint, token = "&" if "?" in path else "?", ""
        while True:
            page = self.get(f"{path}{joint}pageSize=200" + (f"&pageToken={token}" if token else ""))
            yield from page.get("items", [])
            token = page.get("nextPageToken")
            if not token:
                return


def play_year(deployment, url, *more):
    """The sample year with the seed of `dev up`; what the loader printed."""
    return run(BIN / "zonelink-sample", "--url", url, "--password-file", deployment.folder / "password", "--seed", "7",
               *more, stdout=subprocess.PIPE).stdout
