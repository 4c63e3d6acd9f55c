/* SPDX-License-Identifier: MIT */
/*
 * Runs a target once on every file of the folders named: the committed corpus,
 * with any compiler. A folder without a file is a failure.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

#define PATH_BYTES 4096

/* Return: the bytes of the file, to be freed; NULL if it cannot be read. */
static uint8_t *
read_whole(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = NULL;
	long end;

	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (end = ftell(f)) >= 0) {
		rewind(f);
		*len = (size_t)end;
		/* As long as the file, so that reading past it shows. */
		bytes = malloc(*len > 0 ? *len : 1);
		if (bytes && fread(bytes, 1, *len, f) != *len) {
			free(bytes);
			bytes = NULL;
		}
	}
	fclose(f);
	return bytes;
}

/* Return: files run; -1 after a failure. */
static int
replay(const char *folder)
{
	char path[PATH_BYTES];
	struct dirent *entry;
	int n = 0;
	DIR *dir = opendir(folder);

	while (dir && n >= 0 && (entry = readdir(dir))) {
		uint8_t *bytes;
		size_t len = 0;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		fprintf(stderr, "%s\n", path);
		bytes = read_whole(path, &len);
		n = bytes ? n + 1 : -1;
		if (bytes)
			LLVMFuzzerTestOneInput(bytes, len);
		free(bytes);
	}
	if (dir)
		closedir(dir);
	return n;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int n = replay(argv[i]);

		if (n <= 0) {
			fprintf(stderr, "%s: nothing to replay\n", argv[i]);
			return 1;
		}
		printf("%s: %d files\n", argv[i], n);
	}
	return argc > 1 ? 0 : 1;
}
