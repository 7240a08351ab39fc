#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the README as a newcomer would: a small sample year, then every command of the tour.

The commands come from the README's ```sh blocks, run in order in one bash that stops at the first failure. The two
commands of its ```console block are checked to exist; they start this very test, and a deployment beside it.
Then the receipt of every event of the sample year is fetched, everything is stopped, and all are verified offline.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from deployment import ADMIN_URL, BIN, ROOT, Client, Deployment, play_year, run, url_words

# Enough for the tour; full_year_test plays the year that `dev up` loads.
FILINGS = 300

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


def tour_script(folder):
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    assert len(blocks) >= 4, "the tour's blocks"
    return "set -euo pipefail\n" + "\n".join(blocks).replace("/tmp/", f"{folder}/").replace("$PWD/build/release/bin", str(BIN))


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
    auditor = Client(url, "auditor")
    folder.mkdir()
    for event_id in wanted:
        deadline = time.monotonic() + 30
        while True:
            status, body = auditor.ask("GET", f"/v1/ledger/receipts/{event_id}")
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
        print(play_year(deployment, url, "--filings", str(FILINGS)))
        environment = dict(os.environ, ZONELINK_URL=url, HOME=str(folder))
        tour = subprocess.run(["bash", "-c", tour_script(folder)], cwd=ROOT, env=environment, text=True,
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
