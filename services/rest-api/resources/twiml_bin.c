/*
 * twiml_bin.c - TwimlBins: documents with places for parameters; a resource of ours
 *
 * A bin that would not render, or not to XML, is refused with the line that is
 * wrong, as `trestle-cli check` does.
 */
#include "numbers.h"

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "core/error.h"
#include "crud.h"
#include "store/value.h"
#include "twiml_bin/check.h"

enum { BINS_MAX = 1000, NAME_BYTES = 64, WRONG = 21618 };

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .required = true, .min = 1, .max = NAME_BYTES},
	{.name = "Twiml", .field = "twiml", .type = PARAM_TWIML, .required = true, .max = VALUE_TEXT_MAX, .code = WRONG},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"twiml", SHAPE_STRING, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/TwimlBins/{sid}.json"},
	{0},
};
// clang-format on

static const struct resource_filter filters[] = {
	{"FriendlyName", "friendly_name", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	struct bin_problem problem;
	char text[sizeof(problem.text) + 32];

	(void)q;
	if (bin_check(fields_text(draft, "twiml"), &problem) == 0)
		return true;
	(void)snprintf(text, sizeof(text), "line %u: %s", problem.line,
	               problem.text);
	return param_fail(error, WRONG, text);
}

/* Where it is served: under the URL of the API, on the same host */
static void more(json_t *json, const struct fields *fields)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/twiml/%.34s",
	               fields_text(fields, "sid"));
	(void)json_object_set_new(json, "path", json_string(path));
}

const struct resource twiml_bin_resource = {
	.name = "TwimlBin",
	.plural = "twiml_bins",
	.prefix = "EH",
	.family = "bin:",
	.index = "bins:{%s}",
	.set = "bins",
	.params = params,
	.filters = filters,
	.shape = shape,
	.max = BINS_MAX,
	.max_code = ERROR_FULL,
	.taken = ERROR_CONFLICT,
	.check = check,
	.more = more,
};
