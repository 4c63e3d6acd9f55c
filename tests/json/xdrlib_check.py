#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Primitives beside another implementation of XDR: Python's xdrlib.

usage: xdrlib_check.py FERRY

Values that xdrlib packed must be printed as those values, and be encoded as
the same bytes again. A Python without xdrlib (3.13) skips: status 77.
"""
import json
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
try:
    import xdrlib
except ImportError:
    sys.exit(77)

TYPES = """
typedef int i; typedef unsigned u; typedef hyper h; typedef unsigned hyper uh;
typedef bool b; typedef float f; typedef double d; typedef string s<>;
typedef opaque o<>; typedef opaque fixed[7]; typedef int list<>;
typedef double three[3]; typedef hyper *maybe;
enum e { A = -5, B = 0, C = 70000 };
"""
N = 200
CHANCE = random.Random(4506)


def number(bits, signed):
    value = CHANCE.getrandbits(bits) >> CHANCE.randrange(bits)
    if signed and CHANCE.randrange(2):
        value = -value - 1
    if signed:
        return max(-(1 << bits - 1), min((1 << bits - 1) - 1, value))
    return value


def real(size, form):
    while True:
        value = struct.unpack(form, CHANCE.randbytes(size))[0]
        if math.isfinite(value):
            return value


def text():
    return "".join(CHANCE.choice("aZ9 \n\0\"\\\x7fé€😀")
                   for _ in range(CHANCE.randrange(12)))


def pack_maybe(packer, value):
    packer.pack_bool(value is not None)
    if value is not None:
        packer.pack_hyper(value)


# type: (a value by chance, how xdrlib packs it, how JSON has it)
KINDS = {
    "i": (lambda: number(32, True), lambda p, v: p.pack_int(v), None),
    "u": (lambda: number(32, False), lambda p, v: p.pack_uint(v), None),
    "h": (lambda: number(64, True), lambda p, v: p.pack_hyper(v), str),
    "uh": (lambda: number(64, False), lambda p, v: p.pack_uhyper(v), str),
    "b": (lambda: bool(CHANCE.randrange(2)), lambda p, v: p.pack_bool(v),
          None),
    "f": (lambda: real(4, ">f"), lambda p, v: p.pack_float(v), None),
    "d": (lambda: real(8, ">d"), lambda p, v: p.pack_double(v), None),
    "s": (text, lambda p, v: p.pack_string(v.encode()), None),
    "o": (lambda: CHANCE.randbytes(CHANCE.randrange(20)),
          lambda p, v: p.pack_opaque(v), bytes.hex),
    "fixed": (lambda: CHANCE.randbytes(7),
              lambda p, v: p.pack_fopaque(7, v), bytes.hex),
    "list": (lambda: [number(32, True) for _ in range(CHANCE.randrange(5))],
             lambda p, v: p.pack_array(v, p.pack_int), None),
    "three": (lambda: [real(8, ">d") for _ in range(3)],
              lambda p, v: p.pack_farray(3, v, p.pack_double), None),
    "maybe": (lambda: CHANCE.choice([None, number(64, True)]), pack_maybe,
              lambda v: v if v is None else str(v)),
    "e": (lambda: CHANCE.choice(["A", "B", "C"]),
          lambda p, v: p.pack_enum({"A": -5, "B": 0, "C": 70000}[v]), None),
}


def run(arguments, data):
    return subprocess.run(arguments, input=data, check=True, timeout=60,
                          stdout=subprocess.PIPE).stdout


def same(kind, got, wanted):
    """Whether it is the value; of a float, the one that rounds to the same."""
    if kind == "f":
        return struct.pack(">f", got) == struct.pack(">f", wanted)
    return got == wanted and type(got) is type(wanted)


def check(ferry, path, kind):
    make, pack, form = KINDS[kind]
    values = [make() for _ in range(N)]
    packer = xdrlib.Packer()
    for value in values:
        pack(packer, value)
    wire = packer.get_buffer()
    lines = run([ferry, "decode", "--many", "--compact", path, kind], wire)
    got = [json.loads(line) for line in lines.splitlines()]
    wanted = [form(value) if form else value for value in values]
    wrong = [(g, w) for g, w in zip(got, wanted) if not same(kind, g, w)]
    if len(got) != N or wrong:
        print(f"{kind}: {len(got)} values, not {wrong[:3]}")
        return False
    # The values as Python's JSON writes them, which is not ferry's way.
    text_in = "\n".join(json.dumps(value) for value in wanted).encode()
    if run([ferry, "encode", "--many", path, kind], text_in) != wire:
        print(f"{kind}: other bytes than xdrlib's")
        return False
    return True


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "kinds.x"
        path.write_text(TYPES, encoding="utf-8")
        good = [check(sys.argv[1], path, kind) for kind in KINDS]
    print(f"{len(good)} types, {N} values each, {good.count(False)} wrong")
    return 1 if False in good else 0


sys.exit(main())
