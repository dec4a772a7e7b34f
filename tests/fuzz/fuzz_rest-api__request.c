/*
 * fuzz_rest-api__request.c - what a client asks
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
#include "core/fields.h"
#include "core/page.h"
#include "core/range.h"
#include "core/route.h"
#include "resources/resources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *text)
{
	struct path path;

	if (!route_find(resources_routes, text, &path))
		return;
	assert(!path.account_sid[0] || sid_valid(path.account_sid, "AC"));
	assert(path.n <= ROUTE_PARTS_MAX);
	for (size_t i = 0; i < path.n; i++)
		assert(strlen(path.parts[i]) < ROUTE_PART_SIZE);
}

static void check_query(const char *text)
{
	struct fields fields = {0};
	struct page page;

	if (fields_form(&fields, text, strlen(text)) == 0 &&
	    page_read(&page, &fields) == 0)
		assert(page.size >= 1 && page.size <= PAGE_SIZE_MAX);
	fields_close(&fields);
}

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
	const char *range;
	struct basic basic;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	check_path(strsep(&rest, "\n"));
	if (rest)
		check_query(strsep(&rest, "\n"));
	range = rest ? strsep(&rest, "\n") : NULL;
	check_range(range, size);
	check_range(range, 0);
	check_range(range, UINT64_MAX);
	if (basic_parse(rest, &basic))
		assert(strlen(basic.user) < BASIC_MAX &&
		       strlen(basic.password) < BASIC_MAX);
	free(text);
	return 0;
}
