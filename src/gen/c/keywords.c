/* SPDX-License-Identifier: MIT */
/* Names that generated C must not use for what it declares. */
#include <string.h>
#include <strings.h>

#include "gen/c/c.h"
#include "gen/names.h"

/* Of C11, C23 and C++20, and what headers make macros of; sorted. */
static const char *const keywords[] = {
	"EOF", "NULL", "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex",
	"_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
	"_Thread_local", "alignas", "alignof", "and", "and_eq", "asm",
	"assert", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
	"char", "char16_t", "char32_t", "char8_t", "class", "co_await",
	"co_return", "co_yield", "compl", "concept", "const", "const_cast",
	"consteval", "constexpr", "constinit", "continue", "decltype",
	"default", "delete", "do", "double", "dynamic_cast", "else", "enum",
	"errno", "explicit", "export", "extern", "false", "float", "for",
	"friend", "goto", "i386", "if", "inline", "int", "linux", "long",
	"mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
	"offsetof", "operator", "or", "or_eq", "private", "protected",
	"public", "register", "reinterpret_cast", "requires", "restrict",
	"return", "short", "signed", "sizeof", "static", "static_assert",
	"static_cast", "stderr", "stdin", "stdout", "struct", "switch",
	"template", "this", "thread_local", "throw", "true", "try", "typedef",
	"typeid", "typename", "typeof", "union", "unix", "unsigned", "using",
	"virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};

/* What the headers that are included, or C itself, declare; sorted. */
static const char *const library[] = {
	"abort", "basename", "bcmp", "bcopy", "bzero", "calloc", "exit",
	"explicit_bzero", "ffs", "ffsl", "ffsll", "free", "index", "int16_t",
	"int32_t", "int64_t", "int8_t", "int_fast16_t", "int_fast32_t",
	"int_fast64_t", "int_fast8_t", "int_least16_t", "int_least32_t",
	"int_least64_t", "int_least8_t", "intmax_t", "intptr_t", "locale_t",
	"main", "malloc", "max_align_t", "memccpy", "memchr", "memcmp",
	"memcpy", "memfrob", "memmem", "memmove", "mempcpy", "memrchr",
	"memset", "printf", "ptrdiff_t", "rawmemchr", "realloc", "rindex",
	"size_t", "ssize_t", "std", "stpcpy", "stpncpy", "strcasecmp",
	"strcasecmp_l", "strcasestr", "strcat", "strchr", "strchrnul",
	"strcmp", "strcoll", "strcoll_l", "strcpy", "strcspn", "strdup",
	"strerror", "strerror_l", "strerror_r", "strfry", "strlcat", "strlcpy",
	"strlen", "strncasecmp", "strncasecmp_l", "strncat", "strncmp",
	"strncpy", "strndup", "strnlen", "strpbrk", "strrchr", "strsep",
	"strsignal", "strspn", "strstr", "strtok", "strtok_r", "strverscmp",
	"strxfrm", "strxfrm_l", "uint16_t", "uint32_t", "uint64_t", "uint8_t",
	"uint_fast16_t", "uint_fast32_t", "uint_fast64_t", "uint_fast8_t",
	"uint_least16_t", "uint_least32_t", "uint_least64_t", "uint_least8_t",
	"uintmax_t", "uintptr_t",
};

/* Parameters and variables of generated functions; sorted. */
static const char *const locals[] = {
	"args", "bytes", "call", "ctx", "d", "e", "handlers", "items", "n",
	"ops", "out", "p", "part", "procedure", "server", "v",
};

/* INT32_MAX, UINT_FAST8_C, SIZE_MAX ...: macros of <stdint.h>. */
static bool
is_limit(const char *name)
{
	const char *last = strrchr(name, '_');

	if (!last || (strcmp(last, "_MAX") != 0 && strcmp(last, "_MIN") != 0 &&
		      strcmp(last, "_C") != 0))
		return false;
	return strncmp(name, "INT", 3) == 0 || strncmp(name, "UINT", 4) == 0 ||
	       strncmp(name, "SIZE_", 5) == 0 ||
	       strncmp(name, "PTRDIFF_", 8) == 0 ||
	       strncmp(name, "WCHAR_", 6) == 0 ||
	       strncmp(name, "WINT_", 5) == 0 ||
	       strncmp(name, "SIG_ATOMIC_", 11) == 0;
}

/* int32_t: in C++ a member of that name would take it from the next one. */
static bool
is_type(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && strcmp(name + len - 2, "_t") == 0 &&
	       fy_in_sorted(name, library, FY_ARRAY_LEN(library));
}

/* FERRY_API: a macro, whatever it stands for now. */
static bool
is_ferrys_macro(const char *name)
{
	return name[strlen(name) - 1] != '_' &&
	       strncmp(name, "FERRY_", 6) == 0;
}

bool
fy_c_reserved_member(const char *name)
{
	return fy_in_sorted(name, keywords, FY_ARRAY_LEN(keywords)) ||
	       is_limit(name) || is_type(name) || is_ferrys_macro(name);
}

/* The library's own; a "_" at the end makes a name somebody else's. */
static bool
is_ferrys(const char *name)
{
	return name[strlen(name) - 1] != '_' &&
	       (strncasecmp(name, "ferry_", 6) == 0 ||
		strncasecmp(name, "fy_", 3) == 0);
}

bool
fy_c_reserved_tag(const char *name)
{
	return fy_c_reserved_member(name) || is_ferrys(name) ||
	       fy_in_sorted(name, library, FY_ARRAY_LEN(library));
}

/* s0, s1 ...: strings on their way into a run. */
static bool
is_string_local(const char *name)
{
	return name[0] == 's' && name[1] &&
	       strspn(name + 1, "0123456789") == strlen(name + 1);
}

bool
fy_c_reserved(const char *name)
{
	return fy_c_reserved_tag(name) || is_string_local(name) ||
	       fy_in_sorted(name, locals, FY_ARRAY_LEN(locals));
}

static bool
has_own_prefix(const char *name)
{
	return strncmp(name, "fy_", 3) == 0;
}

bool
fy_c_reserved_own(const char *name)
{
	return has_own_prefix(name) ? fy_c_reserved_member(name)
				    : fy_c_reserved(name);
}

bool
fy_c_reserved_own_tag(const char *name)
{
	return has_own_prefix(name) ? fy_c_reserved_member(name)
				    : fy_c_reserved_tag(name);
}
