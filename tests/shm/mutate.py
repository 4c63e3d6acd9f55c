#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutate.py LIST NAME SOURCE OUT: writes SOURCE with the mutant NAME to OUT.

mutate.py LIST: prints "NAME TEST FILE" of each mutant, one a line.
"""
import pathlib
import sys


def mutants(path):
    """{name: (test, file, line, line in its place)}"""
    found = {}
    lines = [line for line in pathlib.Path(path).read_text().splitlines()
             if line and not line.startswith("#")]
    for heading, old, new in zip(lines[::3], lines[1::3], lines[2::3]):
        name, test, source = heading.split()
        if old[0] != "-" or new[0] != "+" or name in found:
            sys.exit(f"{path}: {heading}: no line, or twice")
        found[name] = test, source, old[1:], new[1:]
    return found


def main(listed, name=None, source=None, out=None):
    found = mutants(listed)
    if name is None:
        for each, (test, file, _, _) in found.items():
            print(each, test, file)
        return
    _, _, old, new = found[name]
    lines = pathlib.Path(source).read_text().splitlines()
    if lines.count(old) != 1:
        sys.exit(f"{source}: {lines.count(old)} lines are {old.strip()!r}: "
                 f"{listed} is to be mended")
    lines[lines.index(old)] = new
    pathlib.Path(out).write_text("\n".join(lines) + "\n")


main(*sys.argv[1:])
