#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A procedure of types.x as a command: arguments in, the result out.

It is what --run starts for each procedure that libtirpc's client calls.
"""
import json
import os
import sys


def who(_):
    machine = os.environ.get("FERRY_AUTH_MACHINE")
    gids = os.environ.get("FERRY_AUTH_GIDS", "").split()
    return {"flavor": 0 if machine is None else 1,
            "uid": int(os.environ.get("FERRY_AUTH_UID", "0")),
            "gid": int(os.environ.get("FERRY_AUTH_GID", "0")),
            "gids": [int(gid) for gid in gids], "machine": machine or ""}


def choose(value):
    if value["kind"] == 1:
        return {"kind": 99, "other": value["number"]}
    if value["kind"] == 2:
        return {"kind": 3, "text": value["text"]}
    return value


def signed(number):
    return (number + 2 ** 31) % 2 ** 32 - 2 ** 31


PROCEDURES = {
    "NOTHING": lambda _: None,
    "WHO": who,
    "REVERSE": lambda v: bytes.fromhex(v)[::-1].hex(),
    "ROTATE": lambda v: v[1:] + v[:1],
    "NEGATE": lambda v: signed(-v),
    "WIDEN": lambda v: str(v * 0x100000001),
    "INVERT": lambda v: not v,
    "HALVE": lambda v: v / 2,
    "QUARTER": lambda v: v / 4,
    "PAINT": lambda v: {"RED": "BLUE"}[v],
    "GREET": lambda v: "hello, " + v,
    "SORT": sorted,
    "CHOOSE": choose,
    "DOUBLE": lambda v: str(int(v) * 2 % 2 ** 64),
    "MIRROR": lambda v: {"x": v["y"], "y": v["x"]},
    "REFUSE": lambda _: sys.exit(3),
}

json.dump(PROCEDURES[os.environ["FERRY_PROCEDURE"]](json.load(sys.stdin)),
          sys.stdout)
