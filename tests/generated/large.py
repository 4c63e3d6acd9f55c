#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints a large interface file that rpcgen takes as well: large.py LINES.

Group after group of what real files consist of, until there are LINES: a
constant, enums, records of numbers and of text, handles, lists of both kinds,
arrays, unions of results, and a program with its arguments and results.
"""
import sys

GROUP = """
/* ---- part {n}: devices of kind {n} ---- */

const PART{n}_MAX_NAME = {name};
const PART{n}_MAX_ITEMS = {items};

/* How device {n} is. */
enum state{n} {{
	STATE{n}_IDLE = 0,
	STATE{n}_BUSY = 1,
	STATE{n}_WAITING = 2,
	STATE{n}_FAILED = 3
}};

/* What may go wrong. */
enum status{n} {{
	STATUS{n}_OK = 0,
	STATUS{n}_PERM = 1,
	STATUS{n}_NOENT = 2,
	STATUS{n}_IO = 5,
	STATUS{n}_EXIST = 17,
	STATUS{n}_NAMETOOLONG = 63,
	STATUS{n}_STALE = 70
}};

typedef opaque handle{n}[32];
typedef string name{n}<PART{n}_MAX_NAME>;
typedef unsigned hyper cookie{n};
typedef opaque blob{n}<>;

struct moment{n} {{
	unsigned int seconds;
	unsigned int nanoseconds;
}};

/* As a listing has it. */
struct attributes{n} {{
	state{n} state;
	unsigned int mode;
	unsigned int uid;
	unsigned int gid;
	unsigned hyper size;
	unsigned hyper used;
	moment{n} accessed;
	moment{n} modified;
	moment{n} changed;
}};

struct place{n} {{
	handle{n} parent;
	name{n} name;
}};

struct parameter{n} {{
	name{n} key;
	int kind;
	hyper value;
}};

struct domain{n} {{
	name{n} name;
	opaque uuid[16];
	int id;
	bool active;
	string description<>;
}};

struct disk{n} {{
	name{n} path;
	name{n} driver;
	unsigned hyper capacity;
	unsigned hyper allocation;
	bool readonly;
}};

/* A node of a linked list. */
struct node{n} {{
	unsigned hyper id;
	name{n} name;
	cookie{n} cookie;
	node{n} *next;
}};

struct read_args{n} {{
	handle{n} file;
	unsigned hyper offset;
	unsigned int count;
}};

struct read_ok{n} {{
	attributes{n} attributes;
	bool eof;
	blob{n} data;
}};

union read_result{n} switch (status{n} status) {{
case STATUS{n}_OK:
	read_ok{n} ok;
default:
	void;
}};

struct write_args{n} {{
	handle{n} file;
	unsigned hyper offset;
	blob{n} data;
}};

union write_result{n} switch (status{n} status) {{
case STATUS{n}_OK:
	unsigned int count;
default:
	void;
}};

struct lookup_ok{n} {{
	handle{n} file;
	attributes{n} attributes;
}};

union lookup_result{n} switch (status{n} status) {{
case STATUS{n}_OK:
	lookup_ok{n} ok;
case STATUS{n}_NOENT:
	name{n} missing;
default:
	void;
}};

struct list_args{n} {{
	handle{n} folder;
	cookie{n} cookie;
	unsigned int count;
}};

struct list_ok{n} {{
	node{n} *nodes;
	bool eof;
}};

union list_result{n} switch (status{n} status) {{
case STATUS{n}_OK:
	list_ok{n} ok;
default:
	void;
}};

struct set_args{n} {{
	domain{n} domain;
	parameter{n} parameters<PART{n}_MAX_ITEMS>;
	unsigned int flags;
}};

struct get_result{n} {{
	parameter{n} parameters<PART{n}_MAX_ITEMS>;
	int n_parameters;
}};

struct domains{n} {{
	domain{n} domains<PART{n}_MAX_ITEMS>;
	unsigned int result;
}};

struct disks{n} {{
	disk{n} disks<>;
	int numbers<16>;
	double load[3];
}};

/* Whatever an event has to say. */
union event{n} switch (int kind) {{
case 0:
	void;
case 1:
	domain{n} started;
case 2:
	name{n} stopped;
case 3:
case 4:
	attributes{n} changed;
}};

program DEVICES{n} {{
	version DEVICES{n}_V1 {{
		void DEVICE{n}_NULL(void) = 0;
		lookup_result{n} DEVICE{n}_LOOKUP(place{n}) = 1;
		read_result{n} DEVICE{n}_READ(read_args{n}) = 2;
		write_result{n} DEVICE{n}_WRITE(write_args{n}) = 3;
		list_result{n} DEVICE{n}_LIST(list_args{n}) = 4;
		void DEVICE{n}_SET(set_args{n}) = 5;
		get_result{n} DEVICE{n}_GET(domain{n}) = 6;
		domains{n} DEVICE{n}_DOMAINS(unsigned) = 7;
		disks{n} DEVICE{n}_DISKS(domain{n}) = 8;
		event{n} DEVICE{n}_EVENT(int) = 9;
	}} = 1;
}} = {number};
"""


def main(n_lines):
    text = "/* Made by large.py. */\n"
    group = 0
    while text.count("\n") < n_lines:
        text += GROUP.format(n=group, name=64 + group, items=256 + group,
                             number=hex(0x20010000 + group))
        group += 1
    sys.stdout.write(text)


main(int(sys.argv[1]))
