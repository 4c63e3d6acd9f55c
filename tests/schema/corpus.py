#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What holds for every interface file that ferry takes.

usage: corpus.py FERRY FILE_OR_FOLDER...

The formatted file is stable under fmt, and gives the same model; the model as
JSON is complete enough that an interface file made of it alone is the same for
ferry diff; a file does not differ from itself. Beside the files given, random
ones, always the same, are made here.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

N_RANDOM = 40
SECONDS = 60


class Wrong(Exception):
    """A file does not hold to what is above."""


def run(command, *args):
    return subprocess.run([command, *map(str, args)], capture_output=True,
                          timeout=SECONDS, check=False)


# ---- a back-end outside of ferry: from the model to an interface file ----

WORDS = {"int": "int", "uint": "unsigned int", "char": "char",
         "uchar": "unsigned char", "short": "short",
         "ushort": "unsigned short", "bool": "bool", "float": "float",
         "hyper": "hyper", "uhyper": "unsigned hyper", "double": "double",
         "quadruple": "quadruple", "void": "void"}


class Writer:
    """Writes the definitions of one model, from nothing but its JSON."""

    def __init__(self, model):
        self.model = model
        self.types = model["types"]

    def body(self, t):
        if t["kind"] == "enum":
            inside = ", ".join(f"{e['name']} = {e['value']}"
                               for e in t["enumerators"])
            return f"{{ {inside} }}"
        if t["kind"] == "struct":
            inside = " ".join(self.decl(f["type"], f["name"]) + ";"
                              for f in t["fields"])
            return f"{{ {inside or 'void;'} }}"
        switch = t["discriminant"]
        arms = ""
        for arm in t["arms"]:
            for label in arm["labels"]:
                arms += f"case {label['name'] or label['value']}: "
            if arm["default"]:
                arms += "default: "
            arms += self.decl(arm["type"], arm["name"]) + "; "
        head = self.decl(switch["type"], switch["name"])
        return f"switch ({head}) {{ {arms}}}"

    def spec(self, number):
        t = self.types[number]
        if t.get("name"):
            return t["name"]
        return WORDS.get(t["kind"]) or f"{t['kind']} {self.body(t)}"

    def decl(self, number, name):
        t = self.types[number]
        name = name or ""
        # Only the value is sure to mean the same.
        bound = "" if t.get("bound") is None else t["bound"]
        if t.get("name") or t["kind"] in WORDS or "element" not in t:
            if t["kind"] == "void":
                return "void"
            if t["kind"] == "string":
                return f"string {name}<{bound}>"
            if t["kind"] == "bytes":
                return f"opaque {name}<{bound}>"
            if t["kind"] == "opaque":
                return f"opaque {name}[{bound}]"
            return f"{self.spec(number)} {name}".rstrip()
        element = self.spec(t["element"])
        if t["kind"] == "optional":
            return f"{element} *{name}"
        marks = "[]" if t["kind"] == "array" else "<>"
        return f"{element} {name}{marks[0]}{bound}{marks[1]}"

    def argument(self, number, name):
        t = self.types[number]
        if t["kind"] == "string" and not t.get("name") and not name:
            return "string"
        return self.decl(number, name)

    def procedure(self, p):
        names = p.get("argument_names") or [None] * len(p["arguments"])
        args = ", ".join(self.argument(a, n)
                         for a, n in zip(p["arguments"], names)) or "void"
        return (f"{self.argument(p['result'], None)} {p['name']}({args})"
                f" = {p['number']};")

    def definition(self, d):
        if d["kind"] == "const":
            return f"const {d['name']} = {d.get('text', d.get('value'))};"
        if d["kind"] == "type":
            t = self.types[d["type"]]
            if t["kind"] == "typedef":
                return f"typedef {self.decl(t['element'], t['name'])};"
            return f"{t['kind']} {t['name']} {self.body(t)};"
        if d["kind"] == "pass":
            return f"%{d['text']}"
        text = f"program {d['name']} {{\n"
        for version in d["versions"]:
            text += f"version {version['name']} {{\n"
            text += "\n".join(map(self.procedure, version["procedures"]))
            text += f"\n}} = {version['number']};\n"
        return text + f"}} = {d['number']};"

    def text(self):
        return "\n".join(self.definition(d) for d in self.model["definitions"]
                         if d["place"]["file"] != "<rpc/rpc.h>") + "\n"


# ---- what the model promises ----

def check_model(model):
    """The promises of docs/model.md that can be looked at from outside."""
    if model["ferry_model"] != 1:
        raise Wrong("another version of the model")
    types = model["types"]
    for i, t in enumerate(types):
        if t["id"] != i:
            raise Wrong(f"type {i} has the id {t['id']}")
        for name in ("element", "owner"):
            if t.get(name) is not None and not 0 <= t[name] < len(types):
                raise Wrong(f"type {i} has no {name}")
        low, high = int(t["wire_min"]), t["wire_max"]
        if high is not None and low > int(high):
            raise Wrong(f"type {i} takes {low} to {high} bytes")
        for member in t.get("fields", []) + t.get("arms", []):
            if not 0 <= member["type"] < len(types):
                raise Wrong(f"a member of type {i} has no type")


def bare(value):
    """A model without what formatting changes: places, comments and order."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items()
                if k not in ("place", "doc", "file", "stem")}
    if isinstance(value, list):
        return [bare(v) for v in value]
    return value


class Checker:
    def __init__(self, ferry, folder):
        self.ferry, self.folder = ferry, folder

    def model(self, path):
        got = run(self.ferry, "describe", "--json", "-I", path.parent,
                  "-W", "none", path)
        if got.returncode:
            raise Wrong("no model: " + got.stderr.decode(errors="replace")[:300])
        return json.loads(got.stdout)

    def format(self, path):
        got = run(self.ferry, "fmt", path)
        if got.returncode:
            raise Wrong("not formatted: " + got.stderr.decode(errors="replace")[:300])
        return got.stdout

    def check_format(self, path, model):
        # Beside the file, for what it includes by a name in quotes.
        formatted = self.folder / "formatted.x"
        formatted.write_bytes(self.format(path))
        if self.format(formatted) != formatted.read_bytes():
            raise Wrong("fmt once more changes it")
        got = run(self.ferry, "describe", "--json", "-I", path.parent,
                  "-W", "none", formatted)
        if got.returncode or bare(json.loads(got.stdout)) != bare(model):
            raise Wrong("fmt changes its meaning")

    def check_model(self, path, model):
        check_model(model)
        if any(t["kind"] == "foreign" for t in model["types"]):
            return
        try:
            path.read_bytes().decode()
        except UnicodeDecodeError:
            return  # its texts are not what they were: docs/model.md
        again = self.folder / "again.x"
        again.write_text(Writer(model).text(), encoding="utf-8")
        got = run(self.ferry, "diff", "-I", path.parent, path, again)
        if got.returncode or got.stdout:
            raise Wrong("the model does not give the file: " +
                        (got.stdout + got.stderr).decode(errors="replace")[:600])

    def check(self, path):
        got = run(self.ferry, "diff", "-I", path.parent, path, path)
        if got.returncode or got.stdout:
            raise Wrong("it differs from itself: " +
                        (got.stdout + got.stderr).decode(errors="replace")[:300])
        model = self.model(path)
        self.check_format(path, model)
        self.check_model(path, model)


# ---- files that nobody wrote ----

class Random:
    """An interface file with everything, and with white space at random."""

    BLANKS = ["", " ", "\n", "\t", " /* c */ ", "// d\n", "\n\n\n", "\r\n"]

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = []
        self.n = 0

    def name(self):
        self.n += 1
        return f"n{self.n}"

    def type(self):
        return self.random.choice(
            list(WORDS.values())[:12] + self.names * 3)

    def member(self):
        shape = self.random.choice(["{t} {n}", "{t} *{n}", "{t} {n}<>",
                                    "{t} {n}<7>", "{t} {n}[3]",
                                    "opaque {n}<9>", "opaque {n}[5]",
                                    "string {n}<>", "struct {{ {t} x ; }} {n}"])
        return shape.format(t=self.type(), n=self.name()) + " ;"

    def definition(self):
        kind = self.random.randrange(5)
        name = self.name()
        if kind == 0:
            text = f"const {name} = {self.random.randrange(99)} ;"
        elif kind == 1:
            text = f"enum {name} {{ {self.name()} = 1 , {self.name()} }} ;"
        elif kind == 2:
            members = " ".join(self.member() for _ in range(4))
            text = f"struct {name} {{ {members} }} ;"
        elif kind == 3:
            text = (f"union {name} switch ( int d ) {{ case 1 : case 2 : "
                    f"{self.member()} default : {self.member()} }} ;")
        else:
            text = "typedef " + self.member()
            name = text.replace("*", " ").replace("<", " ").replace(
                "[", " ").split()[-2 if "struct" not in text else -2]
        if kind >= 1 and kind != 4:
            self.names.append(name)
        return text

    def text(self):
        words = " ".join(self.definition() for _ in range(12)).split(" ")
        if self.random.random() < 0.7:
            words += ("program P { version V { void F ( int , hyper ) = 1 ; "
                      "} = 1 ; } = 1 ;").split(" ")
        text = ""
        for word in words:
            text += word + " " + self.random.choice(self.BLANKS)
            if word == ";" and self.random.random() < 0.1:
                text += self.random.choice(
                    ["\n%/* passed */\n", "\n#if 1\n#endif\n"])
        return text


def all_files(paths, folder):
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            yield from sorted(path.rglob("*.x"))
        else:
            yield path
    for seed in range(N_RANDOM):
        path = folder / f"random{seed}.x"
        path.write_bytes(Random(seed).text().encode())
        yield path


def main(ferry, *paths):
    n_checked = n_wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(ferry, pathlib.Path(folder))
        for path in all_files(paths, pathlib.Path(folder)):
            if run(ferry, "check", "-I", path.parent, path).returncode:
                continue
            n_checked += 1
            try:
                checker.check(path)
            except Wrong as wrong:
                print(f"{path}: {wrong}")
                n_wrong += 1
    print(f"{n_checked} files, {n_wrong} wrong")
    return n_wrong > 0 or n_checked < N_RANDOM


sys.exit(main(*sys.argv[1:]))
