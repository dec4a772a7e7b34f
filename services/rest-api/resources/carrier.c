/*
 * carrier.c - Carriers: who connects us with the phone network; a resource of ours
 *
 * A carrier is believed by its address, and may deliver calls to numbers: an
 * account that is a subaccount makes none. Passwords go in and never come out.
 */
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "../stock.h"
#include "ask.h"
#include "base/strbuf.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"
#include "numbering/number_range.h"
#include "store/cidr.h"
#include "store/ha1.h"
#include "store/snapshot.h"
#include "store/tenants.h"
#include "store/value.h"

enum { CARRIERS_MAX = 100, PREFIXES_MAX = 100, TARGETS_MAX = 10 };
enum { WORDS_BYTES = 4096, TARGETS_BYTES = 16384, NAME_BYTES = 64 };
enum { WORD_SIZE = 64 };

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .required = true, .min = 1, .max = NAME_BYTES},
	{.name = "Sources", .field = "sources", .max = WORDS_BYTES},
	{.name = "Prefixes", .field = "prefixes", .max = WORDS_BYTES},
	{.name = "Numbers", .field = "numbers", .max = WORDS_BYTES},
	{.name = "Priority", .field = "priority", .type = PARAM_UINT, .max = 65535, .init = "10"},
	{.name = "StripPlus", .field = "strip_plus", .type = PARAM_BOOL, .init = "false"},
	{.name = "Prefix", .field = "prefix", .max = 16},
	{.name = "Country", .field = "country", .max = 3},
	{.name = "Host", .field = "host", .max = 253},
	{.name = "Username", .field = "username", .max = VALUE_USERNAME_MAX},
	{.name = "Password", .field = "password", .type = PARAM_SECRET},
	{.name = "Md5Only", .field = "md5_only", .type = PARAM_BOOL, .init = "false"},
	{.name = "MediaSource", .field = "media_source", .type = PARAM_ENUM, .words = "signalling any", .init = "signalling"},
	{.name = "Emergency", .field = "emergency", .type = PARAM_BOOL, .init = "false"},
	{.name = "Targets", .field = "said targets", .type = PARAM_SECRET},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"priority", SHAPE_INT, NULL},
	{"strip_plus", SHAPE_BOOL, NULL},
	{"prefix", SHAPE_TEXT, NULL},
	{"country", SHAPE_TEXT, NULL},
	{"host", SHAPE_TEXT, NULL},
	{"username", SHAPE_TEXT, NULL},
	{"md5_only", SHAPE_BOOL, NULL},
	{"media_source", SHAPE_TEXT, NULL},
	{"emergency", SHAPE_BOOL, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/Carriers/{sid}.json"},
	{0},
};
// clang-format on

static const struct resource_filter filters[] = {
	{"FriendlyName", "friendly_name", TEST_IS},
	{NULL, NULL, TEST_IS},
};

/* --- JSON ----------------------------------------------------------------------- */

static json_t *words_json(const char *words)
{
	json_t *list = json_array();

	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t n = strcspn(words, " ");

		(void)json_array_append_new(list, json_stringn(words, n));
		words += n;
	}
	return list;
}

static json_t *targets_json(const char *text)
{
	json_t *list = json_loads(text, 0, NULL);

	for (size_t i = 0; i < json_array_size(list); i++)
		(void)json_object_del(json_array_get(list, i), "password");
	return list ? list : json_array();
}

static void more(json_t *json, const struct fields *f)
{
	static const char *const lists[] = {"sources", "prefixes", "numbers"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		(void)json_object_set_new(json, lists[i],
		                          words_json(fields_text(f, lists[i])));
	(void)json_object_set_new(json, "targets",
	                          targets_json(fields_text(f, "targets")));
}

/* --- what no table says --------------------------------------------------------- */

/* Words that blanks or commas separate, each of which is well, blanks between */
static bool take_words(struct fields *draft, const char *field, size_t max,
                       const char *(*problem)(const char *s))
{
	const char *text = fields_text(draft, field);
	struct strbuf b = {0};
	bool well = true;
	size_t n = 0;

	for (text += strspn(text, " ,"); *text && well;
	     text += strspn(text, " ,")) {
		size_t len = strcspn(text, " ,");
		char word[WORD_SIZE];

		(void)snprintf(word, sizeof(word), "%.*s", (int)len, text);
		well = len < sizeof(word) && !problem(word) && n++ < max;
		strbuf_addf(&b, "%s%s", b.len ? " " : "", word);
		text += len;
	}
	well = well && !b.failed;
	if (well)
		fields_set(draft, field, strbuf_str(&b));
	strbuf_close(&b);
	return well;
}

static bool check_words(struct fields *draft, struct param_error *error)
{
	static const struct {
		const char *field;
		size_t max;
		const char *(*problem)(const char *s);
	} rows[] = {
		{"sources", CIDRS_MAX, value_cidr},
		{"prefixes", PREFIXES_MAX, value_prefix},
		{"numbers", NUMBER_RANGES_MAX, number_range_problem},
		{"prefix", 1, value_digits},
		{"country", 1, value_country},
		{"host", 1, value_domain},
		{"username", 1, value_username},
	};
	char text[80];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (take_words(draft, rows[i].field, rows[i].max,
		               rows[i].problem))
			continue;
		(void)snprintf(text, sizeof(text),
		               "%s: it is not written as it must be",
		               rows[i].field);
		return param_fail(error, ERROR_PARAMETER, text);
	}
	return true;
}

/* The digest of what the carrier signs in with; a new name needs a new password. */
static bool check_login(const struct ask *q, struct fields *draft,
                        struct param_error *error)
{
	const char *username = fields_text(draft, "username");
	const char *password = fields_get(&q->params, "Password");
	struct ha1 ha1 = {"", ""};

	if (*username && !password &&
	    strcmp(username, fields_text(&q->was, "username")) == 0)
		return true;
	if (*username && (!password || value_password(password)))
		return param_fail(error, 21242, "");
	if (*username &&
	    ha1_make(&ha1, username, TENANTS_CARRIER_REALM, password))
		return param_fail(error, ERROR_INTERNAL, "");
	fields_set(draft, "ha1_md5", ha1.md5);
	fields_set(draft, "ha1_sha256", ha1.sha256);
	return true;
}

/* A password that is not said stays, as long as URI and name do. */
static const char *password_of(const json_t *said, const json_t *old)
{
	const char *password =
		json_string_value(json_object_get(said, "password"));
	const char *uri = json_string_value(json_object_get(said, "uri"));

	for (size_t i = 0; !password && i < json_array_size(old); i++) {
		const json_t *o = json_array_get(old, i);
		const char *was = json_string_value(json_object_get(o, "uri"));

		if (was && uri && strcmp(was, uri) == 0 &&
		    json_equal(json_object_get(o, "username"),
		               json_object_get(said, "username")))
			password = json_string_value(
				json_object_get(o, "password"));
	}
	return password ? password : "";
}

static bool number_of(const json_t *said, const char *name, int *out)
{
	const json_t *v = json_object_get(said, name);

	*out = v ? (int)json_integer_value(v) : 10;
	return !v || (json_is_integer(v) && json_integer_value(v) >= 0 &&
	              json_integer_value(v) <= UINT16_MAX);
}

/* As snapshot_add_carrier() reads it. @return NULL when it is none */
static json_t *target_of(const json_t *said, const json_t *old)
{
	const char *uri = json_string_value(json_object_get(said, "uri"));
	const char *username =
		json_string_value(json_object_get(said, "username"));
	const char *password = password_of(said, old);
	int priority, weight;

	username = username ? username : "";
	if (!uri || value_sip_uri(uri) || value_text(password) ||
	    (*username && value_username(username)) ||
	    (*username != '\0') != (*password != '\0') ||
	    !number_of(said, "priority", &priority) ||
	    !number_of(said, "weight", &weight))
		return NULL;
	return json_pack("{s:s, s:i, s:i, s:s, s:s}", "uri", uri, "priority",
	                 priority, "weight", weight, "username", username,
	                 "password", password);
}

static bool check_targets(const struct ask *q, struct fields *draft)
{
	const char *text = fields_get(&q->params, "Targets");
	json_t *said, *old, *list = json_array();
	char *kept;
	bool well;

	if (!text) {
		json_decref(list);
		return true;
	}
	said = json_loads(*text ? text : "[]", 0, NULL);
	old = json_loads(fields_text(&q->was, "targets"), 0, NULL);
	well = strlen(text) <= TARGETS_BYTES && json_is_array(said) &&
	       json_array_size(said) <= TARGETS_MAX;
	for (size_t i = 0; well && i < json_array_size(said); i++) {
		json_t *t = target_of(json_array_get(said, i), old);

		well = t && json_array_append_new(list, t) == 0;
	}
	kept = well ? json_dumps(list, JSON_COMPACT) : NULL;
	if (kept)
		fields_set(draft, "targets", kept);
	free(kept);
	json_decref(said);
	json_decref(old);
	json_decref(list);
	return well;
}

/* A number that somebody brings could be anybody's, and all calls to it would go to
 * who takes it. */
static bool check_numbers(const struct ask *q, const struct fields *draft,
                          struct param_error *error)
{
	const char *numbers = fields_text(draft, "numbers");

	if (!*numbers || q->app->bring_numbers ||
	    strcmp(numbers, fields_text(&q->was, "numbers")) == 0)
		return true;
	return param_fail(error, ERROR_PARAMETER,
	                  "Numbers: the tenants file brings them, or set "
	                  "TRESTLE_API_NUMBERS");
}

static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	if (!check_words(draft, error) || !check_numbers(q, draft, error))
		return false;
	if (!check_login(q, draft, error))
		return false;
	if (!check_targets(q, draft))
		return param_fail(error, ERROR_PARAMETER,
		                  "Targets: it is no JSON array of targets");
	if (!*fields_text(draft, "targets"))
		fields_set(draft, "targets", "[]");
	return true;
}

const struct resource carrier_resource = {
	.name = "Carrier",
	.plural = "carriers",
	.prefix = "BY",
	.family = "carrier:",
	.index = "carriers:{%s}",
	.set = "carriers",
	.params = params,
	.filters = filters,
	.shape = shape,
	.max = CARRIERS_MAX,
	.max_code = ERROR_FULL,
	.taken = ERROR_CONFLICT,
	.check = check,
	.more = more,
};

/* --- others --------------------------------------------------------------------- */

static bool overlap(const char *a, const char *b)
{
	struct cidr x, y;

	return cidr_parse(&x, a) == 0 && cidr_parse(&y, b) == 0 &&
	       (cidr_contains(&x, &y.address) || cidr_contains(&y, &x.address));
}

static bool overlaps_any(const char *source, const char *others)
{
	char word[WORD_SIZE];

	for (; *others; others += strspn(others, " ")) {
		size_t n = strcspn(others, " ");

		(void)snprintf(word, sizeof(word), "%.*s", (int)n, others);
		if (overlap(source, word))
			return true;
		others += n;
	}
	return false;
}

/* A call from there, or with that name, could be of either. */
static bool collides(const char *sources, const char *username,
                     const struct stock_carrier *c)
{
	char word[WORD_SIZE];

	if (*username && strcmp(username, c->username) == 0)
		return true;
	for (sources += strspn(sources, " ,"); *sources;
	     sources += strspn(sources, " ,")) {
		size_t n = strcspn(sources, " ,");

		(void)snprintf(word, sizeof(word), "%.*s", (int)n, sources);
		if (overlaps_any(word, c->sources))
			return true;
		sources += n;
	}
	return false;
}

static void on_others(struct ask *q, const struct stock_carrier *v, size_t n)
{
	const char *sources = fields_text(&q->params, "Sources");
	const char *username = fields_text(&q->params, "Username");

	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i].sid, ask_part(q, 0)) == 0 ||
		    !collides(sources, username, &v[i]))
			continue;
		ask_fail(q, ERROR_PARAMETER,
		         "Sources or Username: another carrier has it");
		return;
	}
	if (q->path.n)
		crud_update(q);
	else
		crud_create(q);
}

/* Create and update */
void carriers_write(struct ask *q)
{
	if (ask_is_subaccount(q))
		ask_fail(q, ERROR_ACCESS, "a subaccount has no carriers");
	else
		stock_carriers(q, on_others);
}
