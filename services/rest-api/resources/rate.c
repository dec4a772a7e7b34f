/*
 * rate.c - Rates: what calls of an account and its subaccounts cost, by prefix; a
 *          resource of ours
 *
 * A table is found by its name, `rates:<AC…>/<name>`: "default" stands for all who
 * name none. Before those of the tenants file, which are of nobody.
 */
#include "numbering/rate.h"
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "core/error.h"
#include "crud.h"

enum { TABLES_MAX = 100, ROWS_MAX = 1000, ROWS_BYTES = 65536 };
enum { NAME_BYTES = 64, START_BYTES = 64, SECONDS_MAX = 3600, SECONDS = 60 };

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .required = true, .min = 1, .max = NAME_BYTES},
	{.name = "Currency", .field = "currency", .min = 3, .max = 3, .init = "USD"},
	{.name = "Rates", .field = "said rates", .type = PARAM_SECRET, .required = true},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"currency", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/Rates/{sid}.json"},
	{0},
};
// clang-format on

static const struct resource_filter filters[] = {
	{"FriendlyName", "friendly_name", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static void more(json_t *json, const struct fields *f)
{
	json_t *rates = json_loads(fields_text(f, "rates"), 0, NULL);

	(void)json_object_set_new(json, "rates", rates ? rates : json_array());
}

/* --- one rate ------------------------------------------------------------------- */

/* @return the text, @p otherwise when it is not said, NULL when it is no text */
static const char *text_of(const json_t *said, const char *name,
                           const char *otherwise)
{
	const json_t *v = json_object_get(said, name);

	return v ? json_string_value(v) : otherwise;
}

static bool seconds_of(const json_t *said, const char *name, int least,
                       int *out)
{
	const json_t *v = json_object_get(said, name);

	*out = v ? (int)json_integer_value(v) : SECONDS;
	return !v || (json_is_integer(v) && json_integer_value(v) >= least &&
	              json_integer_value(v) <= SECONDS_MAX);
}

static bool is_direction(const char *s)
{
	return s && (strcmp(s, "both") == 0 || strcmp(s, "inbound") == 0 ||
	             strcmp(s, "outbound") == 0);
}

/* As snapshot_add_rates() reads it. @return NULL when it is none */
static json_t *rate_of(const json_t *said)
{
	const char *direction = text_of(said, "direction", "both");
	const char *prefix = text_of(said, "prefix", NULL);
	const char *price = text_of(said, "per_minute", NULL);
	uint64_t parsed;
	int minimum, increment;

	if (!is_direction(direction) || !prefix ||
	    strlen(prefix) > START_BYTES || !price ||
	    !rate_price_parse(price, &parsed) ||
	    !seconds_of(said, "minimum", 0, &minimum) ||
	    !seconds_of(said, "increment", 1, &increment))
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:i, s:i}", "direction", direction,
	                 "prefix", prefix, "per_minute", price, "minimum",
	                 minimum, "increment", increment);
}

static bool take_rates(const char *text, struct fields *draft)
{
	json_t *said = json_loads(text, 0, NULL), *list = json_array();
	bool well = strlen(text) <= ROWS_BYTES && json_is_array(said) &&
	            json_array_size(said) <= ROWS_MAX;
	char *kept;

	for (size_t i = 0; well && i < json_array_size(said); i++) {
		json_t *rate = rate_of(json_array_get(said, i));

		well = rate && json_array_append_new(list, rate) == 0;
	}
	kept = well ? json_dumps(list, JSON_COMPACT) : NULL;
	if (kept)
		fields_set(draft, "rates", kept);
	free(kept);
	json_decref(said);
	json_decref(list);
	return kept != NULL;
}

/* --- a table -------------------------------------------------------------------- */

static bool is_name(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-")] == '\0';
}

static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	const char *said = fields_get(&q->params, "Rates");
	const char *currency = fields_text(draft, "currency");
	char name[SID_SIZE + NAME_BYTES + 1];

	if (!is_name(fields_text(draft, "friendly_name")))
		return param_fail(error, ERROR_PARAMETER,
		                  "FriendlyName: letters, digits, blanks and "
		                  "._- only");
	if (strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
		return param_fail(error, ERROR_PARAMETER,
		                  "Currency: it is no code like USD");
	if (said && !take_rates(said, draft))
		return param_fail(error, ERROR_PARAMETER,
		                  "Rates: it is no JSON array of rates");
	(void)snprintf(name, sizeof(name), "%.34s/%s", ask_account(q),
	               fields_text(draft, "friendly_name"));
	fields_set(draft, "name", name);
	return true;
}

const struct resource rate_resource = {
	.name = "Rate",
	.plural = "rates",
	.prefix = "RT",
	.family = "rates:",
	.index = "rates:{%s}",
	.set = "rates",
	.key = "name",
	.params = params,
	.filters = filters,
	.shape = shape,
	.max = TABLES_MAX,
	.max_code = ERROR_FULL,
	.taken = ERROR_CONFLICT,
	.check = check,
	.more = more,
};

/* Create, update and delete */
void rates_write(struct ask *q)
{
	if (!q->app->set_rates)
		ask_fail(q, ERROR_ACCESS,
		         "the tenants file says what calls cost, or set "
		         "TRESTLE_API_RATES");
	else if (ask_is_subaccount(q))
		ask_fail(q, ERROR_ACCESS,
		         "what a subaccount pays is said by its owner");
	else if (q->path.n)
		crud_update(q);
	else
		crud_create(q);
}
