#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the sample year that `dev up` loads and reads through the public API what came of it.

Every state that the API knows is held by a handful of filings, decisions and recognitions; what one call says of a case
agrees with every other; the README's figures are those of the year; and no clock was refused.
"""

import collections
import datetime
import json
import pathlib
import re
import shutil
import tempfile
import time

from deployment import ROOT, Client, Deployment, play_year

HANDFUL = 5
GRANTS = {"GRANTED", "GRANTED_PARTIAL", "GRANTED_CONDITIONAL", "TACIT_GRANTED", "DELIVERED"}
AFTER = {"SUSPENDED_AFTER": "SUSPENDED", "REVOKED": "REVOKED"}
ENDED = GRANTS | set(AFTER) | {"REFUSED", "NOT_REQUIRED", "WRONG_AUTHORITY", "RETURNED", "WITHDRAWN"}


def states_of_the_api(anybody, name):
    return anybody.get("/openapi.json")["components"]["schemas"][name]["properties"]["state"]["enum"]


def check_states(anybody, filings):
    for name, held in (
        ("Filing", collections.Counter(filing["state"] for filing in filings)),
        ("Decision", collections.Counter(d["state"] for filing in filings for d in filing["decisions"])),
    ):
        print(name, dict(held.most_common()))
        for state in states_of_the_api(anybody, name):
            assert held[state] >= HANDFUL, f"{held[state]} in {state}"


def check_filing(filing):
    """What one filing says of itself."""
    decisions = filing["decisions"]
    where = filing["filingId"], [(d["zone"], d["state"]) for d in decisions]
    assert sorted(d["zone"] for d in decisions) == sorted(filing["targetZones"]), where
    still_open = any(d["state"] not in ENDED for d in decisions)
    assert (filing["state"] == "IN_REVIEW") == still_open, where
    if filing["state"] == "WITHDRAWN":
        assert {d["state"] for d in decisions} <= {"WITHDRAWN"}, where
    for d in decisions:
        state = d["state"]
        assert bool(d.get("recognitionNumber")) == (state in GRANTS or state in AFTER), (where, d)
        assert bool(d.get("waitingFor")) == (state not in ENDED), (where, d)
        if state == "REFUSED":
            assert d["article"] and d["facts"] and d["reason"], (where, d)
        if state == "GRANTED_CONDITIONAL":
            assert d["conditions"], (where, d)
        if state == "SUSPENDED_AFTER":
            assert any(c["missed"] and not c.get("metAt") for c in d["conditions"]), (where, d)
        if state == "REVOKED":
            assert d["promise"]["state"] == "BROKEN", (where, d)
        if state == "GRANTED_PARTIAL":
            assert d["scopeDifferences"], (where, d)


def check_timelines(auditor, filings):
    """A filing's history ends where the filing stands."""
    for filing in filings:
        entries = auditor.get(f"/v1/filings/{filing['filingId']}/timeline")["items"]
        assert [e["at"] for e in entries] == sorted(e["at"] for e in entries), filing["filingId"]
        told = {e["zone"]: e["toState"] for e in entries if e.get("zone") and e.get("toState")}
        withdrawn = any(e["type"].endswith(".filing.withdrawn") for e in entries)
        for d in filing["decisions"]:
            if withdrawn and d["state"] == "WITHDRAWN":
                continue
            # How it began is told with the filing.
            began = "PENDING" if d["mode"] == "REVIEW" else "GRANTED"
            assert told.get(d["zone"], began) == d["state"], (filing["filingId"], d["zone"], d["state"], entries)


def check_recognitions(anybody, filings):
    """What anybody sees of a recognition agrees with its decision."""
    held = collections.Counter()
    seen = collections.Counter()
    now = datetime.datetime.fromisoformat(anybody.get("/v1/clock")["now"].replace("Z", "+00:00"))
    today = (now + datetime.timedelta(hours=8)).date().isoformat()  # in the zones
    for filing in filings:
        for d in filing["decisions"]:
            if not d.get("recognitionNumber") or (d["state"] not in AFTER and seen[d["state"]] >= 120):
                continue
            seen[d["state"]] += 1
            recognition = anybody.get(f"/v1/recognitions/{d['recognitionNumber']}:verify")
            state = recognition["state"]
            held[state] += 1
            over = recognition["validUntil"] < today
            standing = AFTER.get(d["state"], "VALID")
            wanted = "EXPIRED" if over and standing != "REVOKED" else standing
            assert state == wanted, (d, recognition)
    print("Recognition", dict(held.most_common()))
    for state in states_of_the_api(anybody, "Recognition"):
        assert held[state] >= HANDFUL, f"{held[state]} in {state}"


def check_board(secretariat, filings):
    """The board counts the cases that the filings show, zone by zone."""
    wanted = collections.defaultdict(collections.Counter)
    for filing in filings:
        for d in filing["decisions"]:
            if d["state"] not in ENDED:
                wanted[d["zone"]][d["state"]] += 1
    deadline = time.monotonic() + 60
    while True:
        board = secretariat.get("/v1/board")["zones"]
        found = {z["zone"]: collections.Counter({s["state"]: s["cases"] for s in z.get("byState", [])}) for z in board}
        if {zone: count for zone, count in found.items() if count} == dict(wanted):
            return
        assert time.monotonic() < deadline, {z: (found.get(z), wanted[z]) for z in wanted if found.get(z) != wanted[z]}
        time.sleep(0.1)


def check_inboxes(url):
    """Everybody whom the README names finds something to do."""
    for username, wanted in (("verifier-zhejiang", {"accept"}), ("reviewer-zhejiang", set()), ("ent-shanghai", {"supplement"})):
        actions = {a["action"]: a["entries"] for a in Client(url, username).get("/v1/inbox:count")["actions"]}
        print(username, actions)
        assert actions and wanted <= set(actions), (username, actions)


def check_the_rest(url, auditor, filings):
    """Whatever else a case may hold is held by some; papers, mandates and revised items were used."""
    whole = [auditor.get(f"/v1/filings/{filing['filingId']}") for filing in filings[::4]]
    for what in ("mandateId", "refileOf", "deferredDocuments", "scope"):
        assert sum(1 for filing in whole if filing.get(what)) >= HANDFUL, what
    decisions = [d for filing in filings for d in filing["decisions"]]
    for what in ("supplement", "queries", "opinions", "recusals", "declarations", "deputies", "excludedTimes", "extendedDays", "corrections",
                 "reminders", "conditions", "promise", "scopeDifferences", "screening", "byClock"):
        assert sum(1 for d in decisions if d.get(what)) >= HANDFUL, what
    shanghai = Client(url, "ent-shanghai")
    papers = list(shanghai.all("/v1/documents"))
    assert papers and any(paper.get("cases") for paper in papers), papers
    assert any(list(shanghai.all(f"/v1/documents/{paper['sha256']}/readings")) for paper in papers), "nobody read a paper"
    assert auditor.get("/v1/items/electronic-origin-certificate")["version"] == 2


def check_readme(printed):
    """The README's figures of the sample year are those of the year."""
    words = re.search(r"^- The sample year: (.*?)\.$", (ROOT / "README.md").read_text(), re.M).group(1)
    claims = dict((what, int(count.replace(",", ""))) for count, what in re.findall(r"(\d[\d,]*) ([a-z ]+)", words))
    counted = {what: int(count) for what, count in re.findall(r"^  ([a-z ]+?) +(\d+)", printed, re.M)}
    for claim, line in (("enterprises", "organisations"), ("catalogue items", "items"), ("agreements", "agreements"),
                        ("filings", "filings")):
        assert claims[claim] == counted[line], (claim, claims, counted)


def check_log(deployment):
    """No clock was refused, nothing failed."""
    for program in deployment.programs:
        for line in program.log.read_text().splitlines():
            assert json.loads(line).get("level") not in ("warn", "error"), line


def check(url, deployment, printed):
    anybody, auditor = Client(url), Client(url, "auditor")
    filings = list(auditor.all("/v1/filings"))
    assert len({filing["filingId"] for filing in filings}) == len(filings)
    check_states(anybody, filings)
    for filing in filings:
        check_filing(filing)
    check_board(Client(url, "secretariat"), filings)
    check_timelines(auditor, filings[::8])
    check_recognitions(anybody, filings)
    check_inboxes(url)
    check_the_rest(url, auditor, filings)
    check_readme(printed)
    check_log(deployment)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zl-year-"))
    deployment = Deployment(folder)
    try:
        url = deployment.start()
        printed = play_year(deployment, url)
        print(printed)
        check(url, deployment, printed)
    finally:
        deployment.stop()
        deployment.drop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
