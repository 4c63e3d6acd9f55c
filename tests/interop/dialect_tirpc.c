/* SPDX-License-Identifier: MIT */
/*
 * Values of dialect.x as rpcgen's C and libtirpc encode them: a line of TYPE,
 * HEX and JSON for each.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialect_tirpc.h"

typedef bool_t (*coder)(XDR *xdrs, void *value);

static void
show(const char *type, coder code, void *value, const char *json)
{
	char room[4096];
	XDR xdrs;

	xdrmem_create(&xdrs, room, sizeof(room), XDR_ENCODE);
	if (!code(&xdrs, value)) {
		fprintf(stderr, "%s %s has no encoding\n", type, json);
		exit(1);
	}
	printf("%s ", type);
	for (u_int i = 0; i < xdr_getpos(&xdrs); i++)
		printf("%02x", (unsigned char)room[i]);
	printf(" %s\n", json);
}

#define SHOW(type, json, ...)                                                  \
	show(#type, (coder)xdr_##type, &(type){ __VA_ARGS__ }, json)

static void
show_structs(void)
{
	unsigned char bytes[] = { 1, 255 };
	u_int16_t shorts[] = { 0, 65535, 7 };

	SHOW(small,
	     "{\"c\":-1,\"uc\":255,\"s\":-2,\"us\":65534,\"i8\":-128,"
	     "\"u8\":128,\"i16\":-32768,\"u16\":32768}",
	     -1, 255, -2, 65534, -128, 128, -32768, 32768);
	SHOW(packed,
	     "{\"chars\":[97,-98,99],\"bytes\":[1,255],\"fixed\":[0,254],"
	     "\"shorts\":[0,65535,7],\"octets\":\"010203\"}",
	     { 97, -98, 99 }, { 2, bytes }, { 0, 254 }, { 3, shorts },
	     { 1, 2, 3 });
	SHOW(wide,
	     "{\"q\":\"-2\",\"uq\":\"18446744073709551614\",\"i64\":"
	     "\"-9223372036854775808\",\"u64\":\"3\",\"l\":-4,\"ul\":4294967295}",
	     -2, (u_quad_t)-2, INT64_MIN, 3, -4, 4294967295);
	SHOW(nothing,
	     "{\"none\":[],\"nil\":\"\",\"few\":[],\"text\":\"x\",\"last\":9}",
	     .text = "x", .last = 9);
}

static void
show_unions(void)
{
	SHOW(by_hyper, "{\"k\":\"1\",\"number\":5}", 1, { .number = 5 });
	SHOW(by_hyper, "{\"k\":\"-2\",\"which\":\"NEXT\"}", -2,
	     { .which = NEXT });
	SHOW(by_hyper, "{\"k\":\"4294967297\",\"text\":\"ab\"}", 0x100000001,
	     { .text = "ab" });
	SHOW(by_hyper, "{\"k\":\"-1\"}", .k = -1);
	SHOW(by_uhyper, "{\"k\":\"18446744073709551600\",\"letter\":-5}",
	     0xfffffffffffffff0, { -5 });
	SHOW(by_char, "{\"k\":-3,\"number\":1}", -3, { .number = 1 });
	SHOW(by_char, "{\"k\":65,\"big\":\"-1\"}", 65, { .big = -1 });
	SHOW(by_uchar, "{\"k\":200,\"number\":1}", 200, { 1 });
	SHOW(by_uchar, "{\"k\":255}", .k = 255);
	SHOW(by_short, "{\"k\":-300,\"number\":1}", -300, { 1 });
	SHOW(by_ushort, "{\"k\":60000,\"number\":1}", 60000, { 1 });
	SHOW(by_unsigned, "{\"k\":4294967295,\"number\":1}", 0xffffffff,
	     { .number = 1 });
	SHOW(by_unsigned, "{\"k\":4294967294,\"big\":\"2\"}", 0xfffffffe,
	     { .big = 2 });
	SHOW(by_bool, "{\"k\":true,\"more\":false}", TRUE, { .more = FALSE });
	SHOW(by_bool, "{\"k\":false,\"which\":\"HIGH\"}", FALSE,
	     { .which = (level)HIGH });
	SHOW(by_level, "{\"k\":\"HIGH\",\"number\":1}", (level)HIGH,
	     { .number = 1 });
	SHOW(by_level, "{\"k\":\"LOW\",\"again\":\"LOW\"}", LOW,
	     { .again = LOW });
	SHOW(by_level, "{\"k\":\"NEXT\"}", .k = NEXT);
}

static void
show_calls(void)
{
	node second = { 2, NULL };
	node first = { 1, &second };
	char *text = "padded";
	u_quad_t much = (u_quad_t)-1;
	level which = (level)HIGH;
	take_many_1_argument many = { -1, -2, -3, text, first };

	show("TAKE_POINTER:args", (coder)xdr_node, &first,
	     "[{\"value\":1},{\"value\":2}]");
	show("TAKE_POINTER:result", (coder)xdr_node, &second, "[{\"value\":2}]");
	show("TAKE_STRING:args", (coder)xdr_wrapstring, &text, "\"padded\"");
	show("TAKE_STRING:result", (coder)xdr_wrapstring, &text, "\"padded\"");
	show("TAKE_MANY:args", (coder)xdr_take_many_1_argument, &many,
	     "[-1,-2,\"-3\",\"padded\",[{\"value\":1},{\"value\":2}]]");
	show("TAKE_MANY:result", (coder)xdr_u_quad_t, &much,
	     "\"18446744073709551615\"");
	show("TAKE_LEVEL:args", (coder)xdr_level, &which, "\"HIGH\"");
}

int
main(void)
{
	show_structs();
	show_unions();
	show_calls();
	return 0;
}
