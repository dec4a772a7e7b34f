/*
 * available.c - AvailablePhoneNumbers (contract 6.6): what carriers bring and
 *               nobody has
 *
 * What a carrier brings are numbers, without geography and messages: a filter that
 * asks for those finds nothing.
 */
#include "numbers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../stock.h"
#include "ask.h"
#include "core/error.h"
#include "store/value.h"

enum { AREA_MAX = 6, AREA_OF_1 = 3, BAD_AREA = 21451 };

const struct country *country_asked(const struct ask *q)
{
	char iso[3] = "";

	if (strlen(ask_part(q, 0)) != 2)
		return NULL;
	for (size_t i = 0; i < 2; i++)
		iso[i] = (char)toupper((unsigned char)ask_part(q, 0)[i]);
	return country_by_iso(iso);
}

/* --- countries ------------------------------------------------------------------ */

static json_t *country_json(const struct ask *q, const struct country *c)
{
	static const char *const kinds[][2] = {{"local", "Local"},
	                                       {"mobile", "Mobile"},
	                                       {"toll_free", "TollFree"}};
	char base[128], uri[160];
	json_t *links = json_object();

	(void)snprintf(base, sizeof(base),
	               "/2010-04-01/Accounts/%s/AvailablePhoneNumbers/%s",
	               ask_account(q), c->iso);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		(void)snprintf(uri, sizeof(uri), "%s/%s.json", base,
		               kinds[i][1]);
		(void)json_object_set_new(links, kinds[i][0], json_string(uri));
	}
	(void)snprintf(uri, sizeof(uri), "%s.json", base);
	return json_pack("{s:s, s:s, s:b, s:s, s:o}", "country_code", c->iso,
	                 "country", c->name, "beta", 0, "uri", uri,
	                 "subresource_uris", links);
}

static bool has_country(const struct inventory *inv, const struct country *c)
{
	struct inventory_filter filter = {.iso = c->iso};
	struct inventory_cursor cursor = {0};
	char one[1][NUMBER_SIZE_MAX];

	return inventory_next(inv, &filter, &cursor, one, 1) > 0;
}

/* As the original's: the list and its uri */
static void answer(struct ask *q, const char *key, json_t *list)
{
	ask_ok(q, key, json_pack("{s:o, s:s}", key, list, "uri", ask_path(q)));
}

static void on_countries(struct ask *q, const struct inventory *inventory)
{
	json_t *list = json_array();
	const struct country *c;

	for (size_t i = 0; (c = country_nth(i)); i++)
		if (has_country(inventory, c))
			(void)json_array_append_new(list, country_json(q, c));
	answer(q, "countries", list);
}

void countries_list(struct ask *q)
{
	stock(q, on_countries);
}

static void on_country(struct ask *q, const struct inventory *inventory)
{
	const struct country *c = country_asked(q);

	if (c && has_country(inventory, c))
		ask_ok(q, "AvailablePhoneNumberCountry", country_json(q, c));
	else
		ask_fail(q, ERROR_MISSING, ask_path(q));
}

void countries_fetch(struct ask *q)
{
	stock(q, on_country);
}

/* --- numbers -------------------------------------------------------------------- */

static json_t *number_json(const char *iso, const char *e164)
{
	static const char *const nowhere[] = {
		"lata",      "locality", "rate_center", "latitude",
		"longitude", "region",   "postal_code"};
	char friendly[24];
	json_t *o;

	inventory_friendly(e164, friendly);
	o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:{s:b, s:b, s:b, s:b}}",
	              "friendly_name", friendly, "phone_number", e164,
	              "iso_country", iso, "address_requirements", "none",
	              "beta", 0, "capabilities", "voice", 1, "SMS", 0, "MMS", 0,
	              "fax", 0);
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		(void)json_object_set_new(o, nowhere[i], json_null());
	return o;
}

static void on_found(struct ask *q, const struct stock_found *found)
{
	const char *iso = country_asked(q)->iso;
	json_t *list = json_array();

	for (size_t i = 0; i < found->n; i++)
		(void)json_array_append_new(list,
		                            number_json(iso, found->v[i]));
	answer(q, "available_phone_numbers", list);
}

/* Is something asked for that no number of ours has? */
static bool wants_more(const struct ask *q)
{
	static const struct {
		const char *param, *value; /* NULL = any */
	} rows[] = {{"SmsEnabled", "true"}, {"MmsEnabled", "true"},
	            {"FaxEnabled", "true"}, {"VoiceEnabled", "false"},
	            {"NearNumber", NULL},   {"NearLatLong", NULL},
	            {"InPostalCode", NULL}, {"InRegion", NULL},
	            {"InRateCenter", NULL}, {"InLata", NULL},
	            {"InLocality", NULL}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *v = fields_text(&q->params, rows[i].param);

		if (*v && (!rows[i].value || strcmp(v, rows[i].value) == 0))
			return true;
	}
	return false;
}

/* @return 0 or the code of an error, and @p detail */
static uint32_t check(const struct ask *q, const char **detail)
{
	static const char *const words[] = {"SmsEnabled",
	                                    "MmsEnabled",
	                                    "FaxEnabled",
	                                    "VoiceEnabled",
	                                    "Beta",
	                                    "ExcludeAllAddressRequired",
	                                    "ExcludeLocalAddressRequired",
	                                    "ExcludeForeignAddressRequired"};
	const char *area = fields_text(&q->params, "AreaCode");
	const char *contains = fields_text(&q->params, "Contains");

	*detail = area;
	if (strlen(area) > AREA_MAX ||
	    strspn(area, "0123456789") != strlen(area))
		return BAD_AREA;
	*detail = "Contains: 2 to 16 letters, digits and *";
	if (*contains && !inventory_pattern(contains))
		return ERROR_PARAMETER;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *v = fields_text(&q->params, words[i]);

		*detail = words[i];
		if (*v && value_bool(v))
			return ERROR_PARAMETER;
	}
	return 0;
}

static void find(struct ask *q, const char *type)
{
	static const struct stock_found none;
	const struct country *c = country_asked(q);
	const char *area = fields_text(&q->params, "AreaCode");
	const char *contains = fields_get(&q->params, "Contains");
	struct inventory_filter filter = {.type = type};
	const char *detail = ask_path(q);
	uint32_t code = c ? check(q, &detail) : ERROR_MISSING;

	if (code) {
		ask_fail(q, code, detail);
		return;
	}
	if (!type || wants_more(q)) {
		on_found(q, &none);
		return;
	}
	inventory_area(c, area, q->key);
	if (*area && q->key[1] == '1' && strlen(area) != AREA_OF_1) {
		ask_fail(q, BAD_AREA, area);
		return;
	}
	filter.iso = c->iso;
	filter.begins = *area ? q->key : NULL;
	filter.contains = contains && *contains ? contains : NULL;
	stock_find(q, &filter, q->page.size, on_found);
}

void available_local(struct ask *q)
{
	find(q, "local");
}

void available_mobile(struct ask *q)
{
	find(q, "mobile");
}

void available_toll_free(struct ask *q)
{
	find(q, "toll-free");
}

/* Kinds of numbers that carriers here do not tell apart */
void available_none(struct ask *q)
{
	find(q, NULL);
}
