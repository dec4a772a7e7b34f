/*
 * permission.c - where an account may call: /v1/DialingPermissions, /v1/Settings
 *                (contract 9.4)
 *
 * What is shown is what holds: a subaccount that inherits shows its owner's.
 */
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_change.h"
#include "core/change.h"
#include "core/error.h"
#include "numbering/country.h"
#include "store/value.h"

enum { UPDATES_MAX = 300 }; /* countries of one request */
enum { KEY_SIZE = 64, URL_SIZE = 400, WORDS_SIZE = 40 };

static const char *const flags[COUNTRY_KINDS] = {
	[COUNTRY_LOW] = "low_risk_numbers_enabled",
	[COUNTRY_SPECIAL] = "high_risk_special_numbers_enabled",
	[COUNTRY_TOLLFRAUD] = "high_risk_tollfraud_numbers_enabled",
};

/* --- what holds ----------------------------------------------------------------- */

static void key_of(char out[KEY_SIZE], const char *account_sid)
{
	(void)snprintf(out, KEY_SIZE, "dialing-permissions:%.34s", account_sid);
}

static const char *owner_of(const struct ask *q)
{
	const char *owner = fields_text(&q->account, "owner_account_sid");

	return strcmp(owner, ask_account(q)) == 0 ? "" : owner;
}

static bool inherits(const struct ask *q, const struct fields *own)
{
	return *owner_of(q) &&
	       strcmp(fields_text(own, "inheritance"), "false") != 0;
}

/* Ask for the hash of an account, @p handler goes on. */
static void read(struct ask *q, const char *account_sid, records_one_h *handler)
{
	char key[KEY_SIZE];
	int err;

	key_of(key, account_sid);
	err = records_get(q->app->db, key, handler, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_owners(void *arg, int err, const char *key,
                      const struct fields *fields)
{
	struct ask *q = arg;
	void (*next)(struct ask *) = q->next_step;

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	fields_close(&q->was);
	fields_merge(&q->was, fields);
	next(q);
}

static void on_own(void *arg, int err, const char *key,
                   const struct fields *fields)
{
	struct ask *q = arg;

	if (!err && inherits(q, fields))
		read(q, owner_of(q), on_owners);
	else
		on_owners(q, err, key, fields);
}

/* Call @p next with q->was = what holds for the account. */
static void effective(struct ask *q, void (*next)(struct ask *q))
{
	q->next_step = next;
	read(q, ask_account(q), on_own);
}

/* --- countries ------------------------------------------------------------------ */

static bool open_for(const struct ask *q, const struct country *c, int kind)
{
	const char *words = fields_get(&q->was, c->iso);

	return country_open(c, (enum country_kind)kind,
	                    words ? words : fields_get(&q->was, "*"),
	                    q->app->dialing);
}

static json_t *codes_json(const char *codes)
{
	json_t *list = json_array();
	char text[16];

	for (; *codes; codes += strspn(codes, " ")) {
		size_t n = strcspn(codes, " ");

		(void)snprintf(text, sizeof(text), "+%.*s", (int)n, codes);
		(void)json_array_append_new(list, json_string(text));
		codes += n;
	}
	return list;
}

static json_t *country_json(const struct ask *q, const struct country *c)
{
	char base[272], url[URL_SIZE], prefixes[URL_SIZE + 32];
	json_t *o;

	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url),
	               "%s/v1/DialingPermissions/Countries/%s", base, c->iso);
	(void)snprintf(prefixes, sizeof(prefixes), "%s/HighRiskSpecialPrefixes",
	               url);
	o = json_pack("{s:s, s:s, s:s, s:o, s:s, s:{s:s}}", "iso_code", c->iso,
	              "name", c->name, "continent", c->continent,
	              "country_codes", codes_json(c->codes), "url", url,
	              "links", "highrisk_special_prefixes", prefixes);
	for (int kind = 0; kind < COUNTRY_KINDS; kind++)
		(void)json_object_set_new(o, flags[kind],
		                          json_boolean(open_for(q, c, kind)));
	return o;
}

static bool has_code(const char *codes, const char *want)
{
	want += *want == '+' || *want == ' ';
	return fields_has_word(codes, want);
}

static bool passes(const struct ask *q, const struct country *c)
{
	static const char *const params[COUNTRY_KINDS] = {
		"LowRiskNumbersEnabled", "HighRiskSpecialNumbersEnabled",
		"HighRiskTollfraudNumbersEnabled"};
	const char *iso = fields_text(&q->params, "IsoCode");
	const char *continent = fields_text(&q->params, "Continent");
	const char *code = fields_text(&q->params, "CountryCode");

	if ((*iso && strcmp(iso, c->iso) != 0) ||
	    (*continent && strcmp(continent, c->continent) != 0) ||
	    (*code && !has_code(c->codes, code)))
		return false;
	for (int kind = 0; kind < COUNTRY_KINDS; kind++) {
		const char *v = fields_text(&q->params, params[kind]);

		if (*v && (strcmp(v, "true") == 0) != open_for(q, c, kind))
			return false;
	}
	return true;
}

/* Countries have no sids: pages are counted, and a next page has a token. */
static void list_now(struct ask *q)
{
	size_t skip = q->page.number * q->page.size, seen = 0;
	json_t *list = json_array();
	const struct country *c;

	for (size_t i = 0; (c = country_nth(i)); i++) {
		if (!passes(q, c))
			continue;
		if (seen >= skip && seen < skip + q->page.size)
			(void)json_array_append_new(list, country_json(q, c));
		seen++;
	}
	ask_list(q, "content", list,
	         seen > skip + q->page.size ? ask_account(q) : NULL);
}

void permissions_list(struct ask *q)
{
	effective(q, list_now);
}

static void fetch_now(struct ask *q)
{
	ask_ok(q, "Country", country_json(q, country_asked(q)));
}

void permissions_fetch(struct ask *q)
{
	if (country_asked(q))
		effective(q, fetch_now);
	else
		ask_fail(q, ERROR_MISSING, ask_path(q));
}

void permissions_prefixes(struct ask *q)
{
	const struct country *c = country_asked(q);
	json_t *codes, *list;
	size_t skip = q->page.number * q->page.size, n;

	if (!c) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	codes = codes_json(c->special);
	n = json_array_size(codes);
	list = json_array();
	for (size_t i = skip; i < n && i < skip + q->page.size; i++)
		(void)json_array_append_new(
			list,
			json_pack("{s:O}", "prefix", json_array_get(codes, i)));
	json_decref(codes);
	ask_list(q, "content", list,
	         n > skip + q->page.size ? ask_account(q) : NULL);
}

/* --- changes -------------------------------------------------------------------- */

/* @return 1, 0, or -1: it is not said. true, "true" and their like */
static int said(const json_t *update, const char *flag)
{
	const json_t *v = json_object_get(update, flag);
	const char *text = json_string_value(v);

	if (json_is_boolean(v))
		return json_is_true(v);
	if (!text || value_bool(text))
		return -1;
	return strcmp(text, "true") == 0;
}

/* What is not said stays. @return whether it is an update of a country */
static bool take_update(struct ask *q, const json_t *update)
{
	const char *iso =
		json_string_value(json_object_get(update, "iso_code"));
	const struct country *c = iso ? country_by_iso(iso) : NULL;
	char words[WORDS_SIZE] = "";

	if (!c)
		return false;
	for (int kind = 0; kind < COUNTRY_KINDS; kind++) {
		int on = said(update, flags[kind]);
		size_t n = strlen(words);

		if (on > 0 || (on < 0 && open_for(q, c, kind)))
			(void)snprintf(
				words + n, sizeof(words) - n, "%s%s",
				n ? " " : "",
				country_kind_word((enum country_kind)kind));
	}
	fields_set(&q->draft, c->iso, words);
	return true;
}

static void write(struct ask *q, records_change_h *handler)
{
	struct change c = {0};
	char key[KEY_SIZE];

	key_of(key, ask_account(q));
	fields_set(&q->draft, "account_sid", ask_account(q));
	change_hset(&c, key, &q->draft);
	change_run(&c, "SADD", "dialing-permissions", ask_account(q), NULL);
	ask_change(q, &c, handler);
}

static void on_bulk(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	(void)code;
	if (err)
		ask_fail_errno(q, err);
	else
		ask_created(
			q, "BulkCountryUpdates",
			json_pack("{s:i, s:s}", "update_count",
		                  (int)q->draft.n - 1, "update_request",
		                  fields_text(&q->params, "UpdateRequest")));
}

static void bulk_now(void *arg, int err, const char *key,
                     const struct fields *own)
{
	struct ask *q = arg;
	json_t *list =
		json_loads(fields_text(&q->params, "UpdateRequest"), 0, NULL);
	size_t n = json_array_size(list);
	bool well = json_is_array(list) && n > 0 && n <= UPDATES_MAX;

	(void)key;
	if (err) {
		json_decref(list);
		ask_fail_errno(q, err);
		return;
	}
	fields_merge(&q->was, own);
	for (size_t i = 0; i < n && well; i++)
		well = take_update(q, json_array_get(list, i));
	json_decref(list);
	if (well)
		write(q, on_bulk);
	else
		ask_fail(q, ERROR_PARAMETER,
		         "UpdateRequest: it is no JSON array of countries");
}

void permissions_bulk(struct ask *q)
{
	read(q, ask_account(q), bulk_now);
}

/* --- settings ------------------------------------------------------------------- */

static json_t *settings_json(const struct ask *q, const struct fields *own)
{
	char base[272], url[URL_SIZE];

	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url), "%s/v1/Settings", base);
	return json_pack("{s:b, s:s}", "dialing_permissions_inheritance",
	                 inherits(q, own), "url", url);
}

static void on_settings(void *arg, int err, const char *key,
                        const struct fields *own)
{
	struct ask *q = arg;

	(void)key;
	if (err)
		ask_fail_errno(q, err);
	else
		ask_ok(q, "Settings", settings_json(q, own));
}

void settings_fetch(struct ask *q)
{
	read(q, ask_account(q), on_settings);
}

static void on_settings_written(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	(void)code;
	if (err)
		ask_fail_errno(q, err);
	else
		ask_accepted(q, "Settings", settings_json(q, &q->draft));
}

void settings_update(struct ask *q)
{
	const char *v =
		fields_text(&q->params, "DialingPermissionsInheritance");

	if (!*v)
		settings_fetch(q);
	else if (value_bool(v))
		ask_fail(q, ERROR_PARAMETER,
		         "DialingPermissionsInheritance: "
		         "true or false");
	else {
		fields_set(&q->draft, "inheritance", v);
		write(q, on_settings_written);
	}
}
