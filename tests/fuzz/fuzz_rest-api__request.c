/*
 * fuzz_rest-api__request.c - what a client asks about a recording
 *
 * The input is a path, a newline, a query, a newline, a Range header, a
 * newline, an Authorization header.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sid.h"
#include "core/basic.h"
#include "core/range.h"
#include "core/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_range(const char *header, uint64_t size)
{
	struct range part = {0, 0};
	enum range_result found = range_parse(header, size, &part);

	if (found == RANGE_ALL)
		assert(part.from == 0 && part.length == size);
	if (found == RANGE_PART)
		assert(part.length > 0 && part.from < size &&
		       part.length <= size - part.from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text;
	const char *path, *query, *range;
	struct recording_path p;
	struct basic basic;
	int channels;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	path = strsep(&rest, "\n");
	query = rest ? strsep(&rest, "\n") : "";
	range = rest ? strsep(&rest, "\n") : NULL;
	if (recording_path_parse(&p, path))
		assert(sid_valid(p.sid, "RE") &&
		       sid_valid(p.account_sid, "AC"));
	channels = recording_channels_wanted(query);
	assert(channels >= -1 && channels <= 2);
	(void)recording_deleted_wanted(query);
	check_range(range, size);
	check_range(range, 0);
	check_range(range, UINT64_MAX);
	if (basic_parse(rest, &basic))
		assert(strlen(basic.user) < BASIC_MAX &&
		       strlen(basic.password) < BASIC_MAX);
	free(text);
	return 0;
}
