#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts test cases in the JUnit file that ctest wrote.

A GoogleTest program counts its cases, read from the summary it prints; any other test counts one.
Prints `N passed, N failed` and fails when a test failed or none ran.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.MULTILINE)
FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below:", re.MULTILINE)


def count(case):
    """(passed, failed) of one <testcase>."""
    ok = case.get("status") == "run"
    output = case.findtext("system-out") or ""
    passed = sum(int(n) for n in PASSED.findall(output))
    failed = sum(int(n) for n in FAILED.findall(output))
    if not PASSED.search(output):
        # Not GoogleTest, or it ended before its summary.
        return (1, 0) if ok else (0, 1)
    # A program may also fail after its last case, for example by a sanitizer's report.
    return passed, failed if ok else max(failed, 1)


def main():
    try:
        cases = list(ElementTree.parse(sys.argv[1]).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        print(f"no test report: {error}", file=sys.stderr)
        cases = []
    run = [case for case in cases if case.get("status") in ("run", "fail")]
    counts = [count(case) for case in run]
    passed = sum(p for p, _ in counts)
    failed = sum(f for _, f in counts)
    for case, (_, f) in zip(run, counts):
        if f:
            print(f"failed: {case.get('name')}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
