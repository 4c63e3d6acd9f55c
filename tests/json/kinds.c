/* SPDX-License-Identifier: MIT */
#include "kinds.h"

const char kinds_x[] =
	"const MAX = 3;\n"
	"enum color { RED, GREEN = 5, BLUE = -1, AZURE = -1 };\n"
	"typedef int i; typedef unsigned int u; typedef hyper h;\n"
	"typedef unsigned hyper uh; typedef char c; typedef unsigned char uc;\n"
	"typedef short s; typedef unsigned short us; typedef bool b;\n"
	"typedef float f; typedef double d; typedef quadruple q;\n"
	"typedef color shade; typedef shade hue;\n"
	"typedef string text<10>; typedef string any<>;\n"
	"typedef opaque fixed[5]; typedef opaque blob<6>;\n"
	"typedef opaque none[0]; typedef none nones<>;\n"
	"typedef int three[MAX]; typedef int list<4>; typedef list lists<>;\n"
	"typedef int *maybe; typedef maybe *perhaps; typedef perhaps *deep;\n"
	"struct point { int x; int y; };\n"
	"struct holder { point at; maybe left; point *to; };\n"
	"struct node { int value; node *next; };\n"
	"typedef node *nodes;\n"
	"struct names { string name<>; names *rest; };\n"
	"typedef leaf *leaves; struct leaf { color c; leaves next; };\n"
	"struct of_nodes { node first; nodes more; leaves l; };\n"
	"struct tree { int key; tree *left; tree *right; };\n"
	"struct dir { string n<>; dir kids<>; };\n"
	"union on_enum switch (color kind) {\n"
	"	case RED: void; case GREEN: int number;\n"
	"	case BLUE: maybe m; };\n"
	"union on_int switch (int code) {\n"
	"	case -2: point at; case 1: case 2: list l;\n"
	"	default: void; };\n"
	"union on_unsigned switch (unsigned which) {\n"
	"	case 0x80000000: hyper big; default: string why<>; };\n"
	"union on_bool switch (bool is) {\n"
	"	case TRUE: double value; case FALSE: void; };\n"
	"union on_shade switch (hue kind) {\n"
	"	case GREEN: nodes all; default: node one; };\n"
	"struct inner { struct { int a; } in; union switch (bool ok) {\n"
	"	case TRUE: opaque o<>; case FALSE: void; } un; };\n"
	"%#include \"other.h\"\n"
	"struct foreign { int n; other_t x; };\n"
	"union on_stray switch (color kind) {\n"
	"	case RED: int kind; case 7: int seven; default: void; };\n"
	"union on_hyper switch (hyper value) {\n"
	"	case 5: int value; case -1: void; };\n"
	"union on_uhyper switch (unsigned hyper n) {\n"
	"	case 0x8000000000000000: int top; default: void; };\n"
	"union on_char switch (char c) { case -1: int x; };\n"
	"program P { version V { void NONE(void) = 0; int ONE(list) = 1;\n"
	"	nodes TWO(string, maybe) = 2; } = 1; } = 0x20000000;\n";

#define Z4 "00000000"
#define ONE "00000001"

const struct kinds_value kinds_values[] = {
	{ "i", "0", Z4 },
	{ "i", "-1", "ffffffff" },
	{ "i", "2147483647", "7fffffff" },
	{ "i", "-2147483648", "80000000" },
	{ "u", "4294967295", "ffffffff" },
	{ "h", "\"-9223372036854775808\"", "8000000000000000" },
	{ "h", "\"9223372036854775807\"", "7fffffffffffffff" },
	{ "h", "\"9007199254740993\"", "0020000000000001" },
	{ "uh", "\"18446744073709551615\"", "ffffffffffffffff" },
	{ "uh", "\"0\"", Z4 Z4 },
	{ "c", "-128", "ffffff80" },
	{ "uc", "255", "000000ff" },
	{ "s", "-32768", "ffff8000" },
	{ "us", "65535", "0000ffff" },
	{ "b", "true", ONE },
	{ "b", "false", Z4 },

	{ "f", "0.0", Z4 },
	{ "f", "-0.0", "80000000" },
	{ "f", "0.1", "3dcccccd" },
	{ "f", "16777216.0", "4b800000" },
	{ "f", "1e-45", ONE },
	{ "f", "1.1754944e-38", "00800000" },
	{ "f", "3.4028235e+38", "7f7fffff" },
	{ "f", "\"Infinity\"", "7f800000" },
	{ "f", "\"-Infinity\"", "ff800000" },
	{ "f", "\"NaN\"", "7fc00000" },
	{ "f", "\"NaN(0x7f800001)\"", "7f800001" },
	{ "f", "\"NaN(0xffc00000)\"", "ffc00000" },
	{ "d", "0.1", "3fb999999999999a" },
	{ "d", "-0.0", "8000000000000000" },
	{ "d", "5e-324", Z4 ONE },
	{ "d", "1.7976931348623157e+308", "7fefffffffffffff" },
	{ "d", "0.30000000000000004", "3fd3333333333334" },
	{ "d", "\"-Infinity\"", "fff0000000000000" },
	{ "d", "\"NaN\"", "7ff8000000000000" },
	{ "d", "\"NaN(0x7ff0000000000001)\"", "7ff0000000000001" },
	{ "d", "\"NaN(0xfff8000000000000)\"", "fff8000000000000" },
	{ "q", "\"0x3fff0000000000000000000000000001\"",
	  "3fff0000000000000000000000000001" },

	{ "color", "\"RED\"", Z4 },
	{ "color", "\"BLUE\"", "ffffffff" },
	{ "hue", "\"GREEN\"", "00000005" },

	{ "text", "\"\"", Z4 },
	{ "text", "\"abcd\"", "0000000461626364" },
	{ "text", "\"h\xc3\xa9\"", "0000000368c3a900" },
	{ "text", "\"a\\u0000b\"", "0000000361006200" },
	{ "text", "\"\\\"\\\\\\n\\t\\u001b\"", "00000005225c0a091b000000" },
	{ "text", "\"\\u007f\\u0085\"", "000000037fc28500" },
	{ "text", "{\"hex\":\"ff41\"}", "00000002ff410000" },
	{ "text", "{\"hex\":\"eda080\"}", "00000003eda08000" },
	{ "any", "\"\xf0\x9f\x98\x80\"", "00000004f09f9880" },
	{ "fixed", "\"00017f80ff\"", "00017f80ff000000" },
	{ "blob", "\"\"", Z4 },
	{ "blob", "\"0a0b0c\"", "000000030a0b0c00" },
	{ "none", "\"\"", "" },
	{ "nones", "[\"\",\"\"]", "00000002" },

	{ "three", "[1,2,-1]", "0000000100000002ffffffff" },
	{ "list", "[]", Z4 },
	{ "list", "[7]", ONE "00000007" },
	{ "lists", "[[],[1,1]]", "00000002" Z4 "00000002" ONE ONE },
	{ "maybe", "null", Z4 },
	{ "maybe", "5", ONE "00000005" },
	{ "perhaps", "null", Z4 },
	{ "perhaps", "[null]", ONE Z4 },
	{ "perhaps", "[5]", ONE ONE "00000005" },
	{ "deep", "[[5]]", ONE ONE ONE "00000005" },
	{ "deep", "[null]", ONE Z4 },

	{ "point", "{\"x\":1,\"y\":-1}", ONE "ffffffff" },
	{ "holder",
	  "{\"at\":{\"x\":0,\"y\":0},\"left\":null,\"to\":{\"x\":1,\"y\":0}}",
	  Z4 Z4 Z4 ONE ONE Z4 },
	{ "node", "[{\"value\":1},{\"value\":2}]",
	  ONE ONE "00000002" Z4 },
	{ "nodes", "[]", Z4 },
	{ "nodes", "[{\"value\":9}]", ONE "00000009" Z4 },
	{ "names", "[{\"name\":\"a\"}]", ONE "61000000" Z4 },
	{ "leaves", "[{\"c\":\"RED\"},{\"c\":\"GREEN\"}]",
	  ONE Z4 ONE "00000005" Z4 },
	{ "of_nodes",
	  "{\"first\":[{\"value\":1}],\"more\":[{\"value\":2}],\"l\":[]}",
	  ONE Z4 ONE "00000002" Z4 Z4 },
	{ "tree",
	  "{\"key\":1,\"left\":null,"
	  "\"right\":{\"key\":2,\"left\":null,\"right\":null}}",
	  ONE Z4 ONE "00000002" Z4 Z4 },
	{ "dir", "{\"n\":\"/\",\"kids\":[{\"n\":\"\",\"kids\":[]}]}",
	  ONE "2f000000" ONE Z4 Z4 },

	{ "on_enum", "{\"kind\":\"RED\"}", Z4 },
	{ "on_enum", "{\"kind\":\"GREEN\",\"number\":3}",
	  "0000000500000003" },
	{ "on_enum", "{\"kind\":\"BLUE\",\"m\":null}", "ffffffff" Z4 },
	{ "on_int", "{\"code\":-2,\"at\":{\"x\":1,\"y\":1}}",
	  "fffffffe" ONE ONE },
	{ "on_int", "{\"code\":2,\"l\":[1]}", "00000002" ONE ONE },
	{ "on_int", "{\"code\":77}", "0000004d" },
	{ "on_unsigned", "{\"which\":2147483648,\"big\":\"-1\"}",
	  "80000000ffffffffffffffff" },
	{ "on_unsigned", "{\"which\":0,\"why\":\"x\"}",
	  Z4 ONE "78000000" },
	{ "on_bool", "{\"is\":true,\"value\":1.5}",
	  ONE "3ff8000000000000" },
	{ "on_bool", "{\"is\":false}", Z4 },
	{ "on_shade", "{\"kind\":\"GREEN\",\"all\":[]}", "00000005" Z4 },
	{ "on_shade", "{\"kind\":\"RED\",\"one\":[{\"value\":1}]}",
	  Z4 ONE Z4 },
	{ "inner", "{\"in\":{\"a\":1},\"un\":{\"ok\":true,\"o\":\"ff\"}}",
	  ONE ONE ONE "ff000000" },
	{ "on_stray", "{\"kind\":\"RED\",\"value\":1}", Z4 ONE },
	{ "on_stray", "{\"kind\":7,\"seven\":1}", "00000007" ONE },
	{ "on_stray", "{\"kind\":\"GREEN\"}", "00000005" },
	{ "on_hyper", "{\"value\":\"5\",\"arm\":1}", Z4 "00000005" ONE },
	{ "on_hyper", "{\"value\":\"-1\"}", "ffffffffffffffff" },
	{ "on_uhyper", "{\"n\":\"9223372036854775808\",\"top\":1}",
	  "80000000" Z4 ONE },
	{ "on_uhyper", "{\"n\":\"18446744073709551615\"}",
	  "ffffffffffffffff" },
	{ "on_char", "{\"c\":-1,\"x\":1}", "ffffffff" ONE },
	{ NULL, NULL, NULL },
};
