#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the ten longest functions and files of the sources: places to look, not faults."""
import pathlib
import re
import subprocess
import sys

# In the house's format a function's head ends in `{` and its body in `}` at the head's indentation.
NOT_FUNCTIONS = re.compile(r"^\s*(namespace|class|struct|enum|union|extern|if|for|while|switch|do|else|try|case|\}|//|#)\b")
HEAD = re.compile(r"([\w:~]+(?:<[^()]*>)?(?:::operator\S+)?)\(")


def functions(lines):
    """(name, first line, length) of each function."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.rstrip().endswith("{") and not NOT_FUNCTIONS.match(line):
            first = at
            # A head over several lines begins where the indentation is least.
            while first > 0 and lines[first].startswith("    ") and lines[first - 1].strip() and not lines[first - 1].rstrip().endswith((";", "{", "}")):
                first -= 1
            head = " ".join(l.strip() for l in lines[first:at + 1])
            indent = re.match(r" *", lines[first])[0]
            name = HEAD.search(head)
            if name and len(indent) <= 2 and not NOT_FUNCTIONS.match(lines[first]) and "= {" not in head:
                end = at + 1
                while end < len(lines) and not re.match(re.escape(indent) + r"\}", lines[end]):
                    end += 1
                yield name[1], first + 1, end - first + 1
                at = end
        at += 1


def main():
    root = pathlib.Path(sys.argv[1])
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", "*.cc", "*.h"],
                           cwd=root, check=True, capture_output=True, text=True).stdout.split()
    files, found = [], []
    for name in names:
        if not (root / name).is_file():
            continue
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        files.append((len(lines), name))
        found += [(length, f"{name}:{first}", function) for function, first, length in functions(lines)]
    print("The longest functions")
    for length, place, function in sorted(found, reverse=True)[:10]:
        print(f"  {length:4}  {function}  {place}")
    print("The longest files")
    for length, name in sorted(files, reverse=True)[:10]:
        print(f"  {length:4}  {name}")
    if found:
        lengths = sorted(length for length, _, _ in found)
        print(f"{len(files)} files, {len(found)} functions, median length {lengths[len(lengths) // 2]} lines")


if __name__ == "__main__":
    main()
