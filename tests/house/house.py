#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a compiler does not see.

Who may include whom, where SQL stands, licence lines, file lengths, texts for every reason, words
that must not stay. Prints one line per fault, `file:line: what`, and fails when there is one.
"""
import csv
import pathlib
import re
import subprocess
import sys

SOURCE = {".cc", ".h"}
# Files whose first lines carry the licence; the others cannot hold a comment or are data.
LICENSED = SOURCE | {".proto", ".sql", ".cmake", ".sh", ".py", ".txt", ".yaml"}
PRODUCTS = ("directory", "recognition", "worklist", "ledger", "documents")

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')
GRPC = re.compile(r"^grpc(pp)?/|\.grpc\.pb\.h$")
UNFIT_FOR_DOMAIN = re.compile(
    r"^(pqxx|grpc|grpcpp|google|spdlog)/|\.pb\.h$|^(thread|mutex|atomic|condition_variable|future)$"
    r"|^platform/(log|db|rpc|outbox|config)/")
READS_CLOCK = re.compile(r"\b(system|steady)_clock::now\(|\btime\(nullptr\)")
FORBIDDEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
REFUSAL = re.compile(
    r"\b(?:InvalidArgument|NotFound|AlreadyExists|PermissionDenied|FailedPrecondition|Aborted|"
    r'Unauthenticated|ResourceExhausted|Unavailable|DeadlineExceeded)\(\s*"([A-Z][A-Z0-9_]*)"')
UPPER_SNAKE = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"')
CREATE_TABLE = re.compile(r"^\s*CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)


class House:
    def __init__(self, root):
        self.root = root
        self.faults = []
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root,
                                check=True, capture_output=True, text=True).stdout.splitlines()
        self.files = [f for f in sorted(set(listed)) if (root / f).is_file()]

    def fault(self, file, line, what):
        self.faults.append(f"{file}:{line}: {what}")

    def text(self, file):
        return (self.root / file).read_text(encoding="utf-8", errors="replace")

    def sources(self):
        return [f for f in self.files if pathlib.PurePath(f).suffix in SOURCE]


def is_test(file):
    name = file.rsplit("/", 1)[-1]
    return file.startswith("tests/") or "_test." in name or name.startswith(("test_", "testing_"))


def include_fault(file, header):
    """Why `file` may not include `header`, or None."""
    parts = file.split("/")
    service = parts[1] if parts[0] == "services" else ""
    if header.startswith("pqxx/") and not file.startswith("services/platform/db/"):
        return "pqxx is used in services/platform/db only"
    if GRPC.search(header) and not is_test(file):
        homes = ("services/platform/rpc/", "services/platform/outbox/", "services/zonelink/", "gateway/")
        if not file.startswith(homes):
            return "gRPC stays in platform/rpc, platform/outbox, zonelink and the gateway"
    # Whoever verifies the ledger shares its rules.
    verifiers = ("gateway/cli/", "gateway/witness/", "gateway/http/verify_")
    if file.startswith(verifiers) and header.startswith("ledger/domain/"):
        return None
    if parts[0] == "gateway" and header.split("/")[0] in PRODUCTS + ("services",):
        return "the gateway reaches services over RPC only"
    if service == "platform" and header.split("/")[0] in PRODUCTS + ("gateway",):
        return "platform knows no service"
    if file.startswith("services/platform/core/") and header.startswith("platform/"):
        if not header.startswith("platform/core/"):
            return "platform/core depends on nothing of ours"
    if service in PRODUCTS:
        first = header.split("/")[0]
        if first in PRODUCTS and first != service or first == "gateway" and not is_test(file):
            return "a service reaches another only through its proto stub"
        if "/domain/" in file and not is_test(file) and UNFIT_FOR_DOMAIN.search(header):
            return "rules are pure: no database, RPC, protobuf, log or threads in a domain folder"
        if "/domain/" in file and first == service and "/domain/" not in header:
            return "a domain folder does not know its service"
        if file.endswith(("_store.cc", "_store.h")) and header.endswith("_service.h"):
            return "a store does not know its service"
    return None


def check_includes(house):
    for file in house.sources():
        for number, line in enumerate(house.text(file).splitlines(), 1):
            found = INCLUDE.match(line)
            if found and (why := include_fault(file, found[1])):
                house.fault(file, number, f"includes {found[1]}: {why}")
            if "/domain/" in file and not is_test(file) and READS_CLOCK.search(line):
                house.fault(file, number, "a rule is told the time, it does not look at a clock")


def may_hold_sql(file):
    return (is_test(file) or file.endswith("_store.cc")
            or file.startswith(("services/platform/db/", "services/platform/outbox/")))


def check_sql(house):
    tables = set()
    for file in house.files:
        if "/migrations/" in file and file.endswith(".sql"):
            tables |= set(CREATE_TABLE.findall(house.text(file)))
    if not tables:
        return
    named = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN|TABLE)\s+(?:ONLY\s+)?(?:\w+\.)?(%s)\b" % "|".join(sorted(tables)))
    for file in house.sources():
        if may_hold_sql(file):
            continue
        for number, line in enumerate(house.text(file).splitlines(), 1):
            if line.lstrip().startswith("//"):
                continue
            if 'R"sql(' in line:
                house.fault(file, number, "SQL stands in *_store.cc, platform/db and platform/outbox only")
            elif found := named.search(line):
                house.fault(file, number, f"names table {found[1]}; only stores do")


def check_text(house):
    for file in house.files:
        path = pathlib.PurePath(file)
        if path.suffix not in LICENSED and file not in ("dev", ".ci/run"):
            continue
        text = house.text(file)
        head = "\n".join(text.splitlines()[:3])
        if "SPDX-License-Identifier: Apache-2.0" not in head:
            house.fault(file, 1, "the first lines lack SPDX-License-Identifier: Apache-2.0")
        if found := FORBIDDEN.search(text):
            house.fault(file, text.count("\n", 0, found.start()) + 1, f"unfinished: {found[1]}")
        limit = 800 if is_test(file) else 500
        if path.suffix in SOURCE and (lines := text.count("\n")) > limit:
            house.fault(file, lines, f"{lines} lines; the limit is {limit}")


def proto_words(house):
    """Values of enums and of checked columns are words of the contract, not reasons."""
    words = set()
    for file in house.files:
        if file.endswith(".proto"):
            words |= set(re.findall(r"^\s*([A-Z][A-Z0-9_]+)\s*=\s*\d+", house.text(file), re.MULTILINE))
        elif "/migrations/" in file and file.endswith(".sql"):  # what a column may hold
            words |= set(re.findall(r"'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'", house.text(file)))
        elif file.endswith(("_deadline.cc", "_deadline.h")):  # kinds of clocks and their rungs
            words |= set(re.findall(r"(?:Rung|Kind)\{\s*\"([A-Z][A-Z0-9_]+)\"", house.text(file)))
        elif file.endswith("_refusal.cc"):  # codes of refusals, which bring their own texts
            words |= set(re.findall(r"RefusalReason\{\s*\"([A-Z][A-Z0-9_]+)\"", house.text(file)))
    # The JSON form and the database drop the enum's prefix.
    return words | {"_".join(w.split("_")[n:]) for w in words for n in range(1, w.count("_") + 1)}


def check_reasons(house):
    table = "gateway/http/reasons.csv"
    texts = {}
    if table not in house.files:
        house.fault(table, 1, "the texts of the reasons are missing")
        return
    for number, row in enumerate(csv.reader(house.text(table).splitlines()), 1):
        if not row or number == 1 or row[0].startswith("#"):
            continue
        if len(row) != 3 or not all(cell.strip() for cell in row):
            house.fault(table, number, "a row has a reason, a Chinese and an English text")
            continue
        if row[0] in texts:
            house.fault(table, number, f"{row[0]} stands twice, first in line {texts[row[0]]}")
        texts[row[0]] = number
    words = proto_words(house)
    for file in house.sources():
        if is_test(file) or not file.startswith(("services/", "gateway/http/")):
            continue
        text = house.text(file)
        if file.endswith("platform/core/error.cc") or file.startswith("services/platform/client/"):
            continue  # names gRPC's codes; speaks to other servers, never to our callers
        found = [(m.start(), m[1]) for m in REFUSAL.finditer(text)]
        found += [(m.start(), m[1]) for m in UPPER_SNAKE.finditer(text) if m[1] not in words and not m[1].startswith("ZONELINK_")]
        for start, reason in sorted(set(found)):
            if reason not in texts:
                line = text.count("\n", 0, start) + 1
                house.fault(file, line, f"{reason} has no text in {table}")


def main():
    house = House(pathlib.Path(sys.argv[1]))
    for check in (check_includes, check_sql, check_text, check_reasons):
        check(house)
    for line in house.faults:
        print(line)
    print(f"  {len(house.files)} files, {len(house.faults)} faults")
    return 1 if house.faults else 0


if __name__ == "__main__":
    sys.exit(main())
