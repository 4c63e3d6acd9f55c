#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Types a TAB in bash and in zsh, and compares the line that comes of it.

usage: completion.py FERRY DATE_X COMPLETIONS
"""
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile

SECONDS = 30

# What is typed, and the words of the line after a TAB. No line is ambiguous.
LINES = [
    ("ferry che", "ferry check"),
    ("ferry help warn", "ferry help warnings"),
    ("ferry check da", "ferry check date.x"),
    ("ferry check --str", "ferry check --strict"),
    ("ferry check -I fol", "ferry check -I folder/"),
    ("ferry check -I folder da", "ferry check -I folder date.x"),
    ("ferry check -W line-c", "ferry check -W line-comment"),
    ("ferry check -W no-line-c", "ferry check -W no-line-comment"),
    ("ferry check -W error=line-c", "ferry check -W error=line-comment"),
    ("ferry check -Wno-line-c", "ferry check -Wno-line-comment"),
    ("ferry check --color al", "ferry check --color always"),
    ("ferry check --color=ne", "ferry check --color=never"),
    ("ferry gen -l js", "ferry gen -l json"),
    ("ferry gen -o fol", "ferry gen -o folder/"),
    ("ferry call un", "ferry call unix:"),
    ("ferry call unix:date da", "ferry call unix:date date.x"),
    ("ferry call unix:date date.x NO", "ferry call unix:date date.x NOW"),
    ("ferry call --auth s", "ferry call --auth sys"),
    ("ferry call --auth sys --timeout 2s unix:date date.x N",
     "ferry call --auth sys --timeout 2s unix:date date.x NOW"),
    ("ferry call 'exec:date-server pipe:0,1' date.x N",
     "ferry call exec:date-server pipe:0,1 date.x NOW"),
    ("ferry call 'tcp:[::1]:7' -I folder needs.x PI",
     "ferry call tcp:[::1]:7 -I folder needs.x PING"),
    ("ferry call unix:date date.x NOW @va",
     "ferry call unix:date date.x NOW @value.json"),
    ("ferry serve unix:date da", "ferry serve unix:date date.x"),
    ("ferry serve unix:date date.x --reply N",
     "ferry serve unix:date date.x --reply NOW="),
    ("ferry serve unix:date date.x --reply NOW=@va",
     "ferry serve unix:date date.x --reply NOW=@value.json"),
    ("ferry serve unix:date date.x --run N",
     "ferry serve unix:date date.x --run NOW="),
    ("ferry listen --count 2 tc", "ferry listen --count 2 tcp:"),
    ("ferry recv un", "ferry recv unix:"),
    ("ferry recv sh", "ferry recv shm:"),
    ("ferry recv unix:./va", "ferry recv unix:./value.json"),
    ("ferry send --wait shm:./va", "ferry send --wait shm:./value.json"),
    ("ferry send --frame re", "ferry send --frame record"),
    ("ferry send --wait ex", "ferry send --wait exec:"),
    ("ferry encode date.x mom", "ferry encode date.x moment"),
    ("ferry decode date.x NOW:re", "ferry decode date.x NOW:result"),
    ("ferry describe date.x NO", "ferry describe date.x NOW"),
    ("ferry check nothing-of-that-na", "ferry check nothing-of-that-na"),
]


class Shell:
    """An interactive shell on a terminal of its own."""

    def __init__(self, argv, folder, path):
        environment = {"PATH": path, "HOME": folder, "TERM": "dumb",
                       "PS1": "", "LC_ALL": "C"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(folder)
                os.execvpe(argv[0], argv, environment)
            finally:
                os._exit(127)

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def read_until(self, pattern):
        """All that is printed until the pattern is in it; the match."""
        got = ""
        while True:
            if not select.select([self.fd], [], [], SECONDS)[0]:
                raise TimeoutError(f"no {pattern} in {got!r}")
            got += os.read(self.fd, 4096).decode(errors="replace")
            found = re.search(pattern, got)
            if found:
                return found

    def complete(self, line):
        """The words of the line after a TAB."""
        self.type(line + "\t")
        self.type("\x01printf '<%s>' \x05 end\n")
        words = self.read_until(r"((?:<[^<>]*>)+)<end>").group(1)
        return " ".join(re.findall("<([^<>]*)>", words))

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def start_bash(folder, path, completions):
    shell = Shell(["bash", "--norc", "-i"], folder, path)
    shell.type(f"bind 'set enable-bracketed-paste off'; "
               f"source {completions}/ferry.bash; echo rea''dy\n")
    shell.read_until("ready\r\n")
    return shell


def start_zsh(folder, path, completions):
    shell = Shell(["zsh", "-f", "-i"], folder, path)
    shell.type("PROMPT_EOL_MARK=; unset zle_bracketed_paste; bindkey -e; "
               f"fpath=({completions} $fpath); autoload -U compinit; "
               f"compinit -u -D; unsetopt auto_remove_slash; echo rea''dy\n")
    shell.read_until("ready\r\n")
    return shell


def check_shell(name, start, folder, path, completions):
    wrong = 0
    shell = start(folder, path, completions)
    for line, expected in LINES:
        got = shell.complete(line)
        if got.rstrip() != expected.rstrip():
            print(f"not ok - {name}: {line!r} becomes {got!r}, "
                  f"not {expected!r}")
            wrong += 1
    shell.close()
    if not wrong:
        print(f"ok - {name}: {len(LINES)} lines")
    return wrong


def offered(completions, words):
    """All that bash would offer for the last one of the words."""
    script = (f"source {completions}/ferry.bash; COMP_WORDS=(\"$@\"); "
              'COMP_LINE="$*"; COMP_CWORD=$(($# - 1)); _ferry ferry; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    out = subprocess.run(["bash", "-c", script, "bash", *words], text=True,
                         stdout=subprocess.PIPE, check=True).stdout
    return set(out.split())


def check_offers(ferry, completions):
    """What is offered, compared with what the command says of itself."""
    def output(*argv):
        return subprocess.run([ferry, *argv], text=True, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT).stdout

    commands = re.findall(r"^  ([a-z]+) ", output("help"), re.M)
    schemes = re.search("there are (.*)", output("call", "nope:x", "--raw",
                                                 "1.1.1")).group(1)
    cases = [(["ferry", ""], set(commands)),
             (["ferry", "call", ""],
              {f"{name}:" for name in re.findall("[a-z]+", schemes)} - {
                  "and:"})]
    cases += [(["ferry", name, "-"],
               {"--help"} | set(re.findall("^  (-[A-Za-z-]+)",
                                           output("help", name), re.M)))
              for name in commands]
    wrong = 0
    for words, expected in cases:
        got = offered(completions, words)
        if got != expected:
            print(f"not ok - {words}: {got}, not {expected}")
            wrong += 1
    return wrong


def main(ferry, date_x, completions):
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "bin").mkdir()
        (work / "bin/ferry").symlink_to(os.path.abspath(ferry))
        (work / "folder").mkdir()
        (work / "date.x").write_bytes(pathlib.Path(date_x).read_bytes())
        (work / "value.json").write_text("null\n")
        (work / "folder/types.x").write_text("typedef int number;\n")
        (work / "needs.x").write_text(
            '#include "types.x"\nprogram P { version V {\n'
            "number PING(void) = 1; } = 1; } = 0x20000001;\n")
        path = f"{work}/bin:" + os.environ["PATH"]
        os.environ["PATH"] = path
        wrong += check_offers(ferry, os.path.abspath(completions))
        for name, start in (("bash", start_bash), ("zsh", start_zsh)):
            wrong += check_shell(name, start, folder, path,
                                 os.path.abspath(completions))
    return wrong != 0


sys.exit(main(*sys.argv[1:]))
