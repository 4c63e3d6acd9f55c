#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the EXAMPLES of the manual pages and compares what they print.

usage: man.py FERRY DATE_X DATE_SERVER FOLDER [PAGE...]

Without a page, all of section 1 in the folder. The examples of a page run in
order, in a folder of their own that holds date.x; the command and date-server
are in the PATH, and a name without a slash in a unix: address is of that folder
too. What is an example:

	.Dl $ COMMAND            must succeed; its output is not looked at

	.Bd -literal             lines that begin with "$ " are commands, what
	$ COMMAND                follows is what they print, errors too; "..."
	OUTPUT                   stands for any text, alone for any lines
	.Ed

A command that ends in " &" goes on to run: the next one waits until it has
printed as many lines as stand below it, and at the end it is sent SIGTERM and
must exit with 0. "$ cat FILE" of a file that is not there makes the file. A
line that ends in a backslash goes on in the next one. Comments of the page
tell what the reader is not to see, of the next display:

	.\\" status N             the last command of it exits with N, not with 0
	.\\" untested: REASON     it is not run
"""
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import tempfile

SECONDS = 60
ESCAPES = {r"\e": "\\", r"\-": "-", r"\&": "", r"\(aq": "'", r"\(dq": '"',
           r"\(ha": "^", r"\(ti": "~", r"\(ga": "`"}
ESCAPE = re.compile(r"\\\(..|\\.")
CAT = re.compile(r"cat ([\w.-]+)$")


class Wrong(Exception):
    """An example does not do what its page says."""


class Command:
    """One command, its line, and what it prints: None if anything will do."""

    def __init__(self, line, text, output):
        self.line, self.text, self.output = line, text, output
        self.status = 0


def plain(text):
    return ESCAPE.sub(lambda found: ESCAPES.get(found.group(), found.group()),
                      text)


def block_commands(number, lines):
    """The commands of a literal display whose first line has that number."""
    commands = []
    for line in lines:
        if commands and commands[-1].text.endswith("\\") and \
                not commands[-1].output:
            commands[-1].text = commands[-1].text[:-1] + line.lstrip()
        elif line.startswith("$ "):
            commands.append(Command(number, line[2:], []))
        elif commands:
            commands[-1].output.append(line)
        number += 1
    return commands


def displays(page):
    """(commands, status, untested) of each display of the section EXAMPLES."""
    section, block, status, untested = "", None, 0, False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        commands = []
        if line.startswith(".Sh "):
            section = line[4:]
        elif block is not None and line != ".Ed":
            block.append(plain(line))
        elif block is not None:
            commands, block = block_commands(number - len(block), block), None
        elif section == "EXAMPLES" and line.startswith(".Bd -literal"):
            block = []
        elif section == "EXAMPLES" and line.startswith(".Dl $ "):
            if '"' in line:
                raise Wrong(f"{page.name}:{number}: .Dl eats quotes: use .Bd")
            commands = [Command(number, plain(line[6:]), None)]
        elif re.match(r'\.\\" status \d+$', line):
            status = int(line.split()[-1])
        elif line.startswith('.\\" untested: '):
            untested = True
        if commands:
            yield commands, status, untested
            status, untested = 0, False


def matches(expected, got):
    """Whether lines are as expected, where "..." stands for anything."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "..." else
        ".*".join(map(re.escape, line.split("..."))) + "\n"
        for line in expected)
    return re.fullmatch(pattern, got) is not None


def compare(where, command, got):
    if command.output is None or matches(command.output, got):
        return
    raise Wrong(f"{where}: $ {command.text}\nprints\n{got}and not\n"
                + "".join(line + "\n" for line in command.output))


class Session:
    """The shell's place: a folder, an environment, and what runs behind."""

    def __init__(self, folder, path):
        self.folder = folder
        self.environment = dict(
            os.environ, PATH=path, LC_ALL="C", TERM="dumb",
            XDG_RUNTIME_DIR=str(folder / ".run"), HOME=str(folder))
        (folder / ".run").mkdir(0o700)
        self.behind = []

    def start(self, text):
        # pylint: disable-next=consider-using-with # ended by close()
        return subprocess.Popen(
            ["/bin/sh", "-c", text], cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    def run(self, where, command):
        made = CAT.match(command.text)
        if made and not (self.folder / made.group(1)).exists():
            (self.folder / made.group(1)).write_text(
                "".join(line + "\n" for line in command.output))
        elif command.text.endswith(" &"):
            self.leave_behind(where, command)
        else:
            self.wait_for(where, command)

    def wait_for(self, where, command):
        process = self.start(command.text)
        try:
            got = process.communicate(timeout=SECONDS)[0].decode()
        except subprocess.TimeoutExpired as late:
            process.kill()
            process.wait()
            raise Wrong(f"{where}: $ {command.text}: does not end") from late
        if process.returncode != command.status:
            raise Wrong(f"{where}: $ {command.text}\nexits with "
                        f"{process.returncode}, not {command.status}:\n{got}")
        compare(where, command, got)

    def leave_behind(self, where, command):
        process = self.start("exec " + command.text[:-2])
        self.behind.append((where, command, process))
        got = b""
        while got.count(b"\n") < len(command.output or [""]):
            if not select.select([process.stdout], [], [], SECONDS)[0]:
                break
            piece = os.read(process.stdout.fileno(), 4096)
            if not piece:
                break
            got += piece
        lines = got.decode().splitlines(True)
        compare(where, command,
                "".join(lines[:len(command.output or lines)]))

    def close(self):
        """Ends what runs behind; what does not end well is the last error."""
        wrong = None
        for where, command, process in self.behind:
            process.send_signal(signal.SIGTERM)
            try:
                rest = process.communicate(timeout=SECONDS)[0].decode()
            except subprocess.TimeoutExpired:
                process.kill()
                rest = process.communicate()[0].decode()
            if process.returncode != 0:
                wrong = Wrong(f"{where}: $ {command.text}\nexits with "
                              f"{process.returncode} after SIGTERM:\n{rest}")
        return wrong


def run_page(page, path, date_x):
    """Runs a page's examples; returns how many ran and how many did not."""
    ran = left_out = 0
    with tempfile.TemporaryDirectory() as name:
        session = Session(pathlib.Path(name), path)
        (session.folder / "date.x").write_bytes(date_x)
        try:
            for commands, status, untested in displays(page):
                commands[-1].status = status
                for command in [] if untested else commands:
                    session.run(f"{page.name}:{command.line}", command)
                    ran += 1
                left_out += len(commands) if untested else 0
        finally:
            wrong = session.close()
        if wrong:
            raise wrong
    return ran, left_out


def main(ferry, date_x, date_server, folder, *names):
    folder = pathlib.Path(folder)
    pages = [folder / name for name in names] or sorted(folder.glob("*.1"))
    failed = not pages
    with tempfile.TemporaryDirectory() as tools:
        for program in (ferry, date_server):
            os.symlink(os.path.abspath(program),
                       os.path.join(tools, os.path.basename(program)))
        path = tools + ":" + os.environ["PATH"]
        for page in pages:
            try:
                ran, left_out = run_page(page, path,
                                         pathlib.Path(date_x).read_bytes())
                print(f"ok - {page.name}: {ran} commands"
                      + (f", {left_out} not run" if left_out else ""))
            except Wrong as wrong:
                failed = True
                print(f"not ok - {wrong}")
    return failed


sys.exit(main(*sys.argv[1:]))
