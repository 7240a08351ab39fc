#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over every source of the compilation database, changed files first, tests last.

A file that passed is not looked at again while it, the headers of ours it reaches, its compile
command and the rules stay the same: the results are kept in ~/.cache/zonelink/tidy, for every clone.
A run ends after BUDGET seconds and says how many files it leaves to the next.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

BUDGET = 450
TIDY = "clang-tidy-14"
INCLUDE = re.compile(rb'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)


class Headers:
    """The files of ours, generated ones included, that a source reaches."""

    def __init__(self, root):
        self.root = root
        self.direct = {}

    def includes_of(self, file, folders):
        key = (file, folders)
        if key not in self.direct:
            found = []
            for name in INCLUDE.findall(file.read_bytes()):
                for folder in (file.parent, *folders):
                    target = folder / name.decode()
                    if target.is_file():
                        found.append(target)
                        break
            self.direct[key] = found
        return self.direct[key]

    def reached(self, file, folders):
        seen, waiting = {file}, [file]
        while waiting:
            for target in self.includes_of(waiting.pop(), folders):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return sorted(seen)


def folders_of(arguments, root):
    """The include folders inside the tree; those of the system change with packages only."""
    folders = []
    for position, argument in enumerate(arguments):
        folder = None
        if argument in ("-I", "-isystem"):
            folder = arguments[position + 1]
        elif argument.startswith("-I"):
            folder = argument[2:]
        if folder and folder.startswith(str(root)):
            folders.append(pathlib.Path(folder))
    return tuple(folders)


def fingerprint(entry, root, headers, rules):
    arguments = shlex.split(entry["command"])
    digest = hashlib.sha256(rules)
    digest.update(entry["command"].replace(str(root), "").encode())
    for file in headers.reached(pathlib.Path(entry["file"]), folders_of(arguments, root)):
        digest.update(str(file).replace(str(root), "").encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def changed_files(root):
    """Files that differ from where this branch began; on main itself those of the last days' commits."""
    run = lambda *a: subprocess.run(["git", *a], cwd=root, capture_output=True, text=True).stdout.split()
    base = (run("merge-base", "HEAD", "origin/main") or ["HEAD"])[0]
    if base in ("HEAD", (run("rev-parse", "HEAD") or [""])[0]):
        base = (run("rev-list", "-1", "--before=2 days ago", "HEAD") or run("rev-parse", "-q", "--verify", "HEAD~1")
                or ["HEAD"])[0]
    names = run("diff", "--name-only", base) + run("ls-files", "-o", "--exclude-standard")
    return {str(root / name) for name in names}


def tidy(entry, build, deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    try:
        # GCC's own flags in the database are not faults of the source.
        return subprocess.run(
            [TIDY, "--quiet", "-p", str(build), "--extra-arg=-Wno-unknown-warning-option",
             "--extra-arg=-Wno-everything", entry["file"]],
            capture_output=True, text=True, timeout=max(left, 30))
    except subprocess.TimeoutExpired:
        return None


def main():
    root, build = (pathlib.Path(p) for p in sys.argv[1:3])
    rules = (root / ".clang-tidy").read_bytes() + subprocess.run(
        [TIDY, "--version"], check=True, capture_output=True).stdout
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "zonelink/tidy"
    cache.mkdir(parents=True, exist_ok=True)
    ours = tuple(str(root / part) + "/" for part in ("services", "gateway", "tests", "proto"))
    entries = {e["file"]: e for e in json.loads((build / "compile_commands.json").read_text())
               if e["file"].startswith(ours)}
    headers = Headers(root)
    prints = {file: fingerprint(entry, root, headers, rules) for file, entry in entries.items()}
    changed = changed_files(root)
    is_test = lambda file: "_test." in file or "/test" in file[len(str(root)):]
    order = sorted(entries, key=lambda file: (file not in changed, is_test(file), file))
    waiting = [file for file in order if not (cache / prints[file]).exists()]
    deadline = time.monotonic() + BUDGET
    bad, left, took = [], [], {}

    def look(file):
        began = time.monotonic()
        done = tidy(entries[file], build, deadline)
        took[file] = time.monotonic() - began
        return file, done

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for file, done in pool.map(look, waiting):
            if done is None:
                left.append(file)
            elif done.returncode == 0:
                (cache / prints[file]).touch()
            else:
                bad.append(file)
                print(done.stdout.replace(str(root) + "/", "").strip() or done.stderr.strip(), flush=True)
    print(f"  {len(entries)} files: {len(entries) - len(waiting)} known good, "
          f"{len(waiting) - len(left)} looked at, {len(bad)} with faults")
    if left:
        print(f"  {len(left)} files are left to the next run, the time was up: {left[0][len(str(root)) + 1:]} …")
    if os.environ.get("ZONELINK_TIDY_TIMES"):
        for file in sorted(took, key=took.get, reverse=True)[:15]:
            print(f"  {took[file]:6.1f} s  {file[len(str(root)) + 1:]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
