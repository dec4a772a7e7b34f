/*
 * mapping.c - which lists let phones register and call at a domain
 *             (contract 4.4, 6.5)
 *
 * A mapping is a word in a field of the domain. The older paths, without Auth,
 * are the lists for calls under another name.
 */
#include "resources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_change.h"
#include "base/sid.h"
#include "core/change.h"
#include "core/error.h"
#include "core/shape.h"
#include "store/tenants.h"

enum { ALREADY = 21231 };

/* What the path means: which field of the domain */
struct place {
	const char *field;
	const char *prefix; /* of the lists */
	const char *param;  /* of a POST */
	bool legacy;
};

static struct place place_of(const struct ask *q)
{
	const char *pattern = q->route->pattern;
	bool addresses = strstr(pattern, "IpAccessControlListMappings") != NULL;

	return (struct place){
		.field = strstr(pattern, "/Registrations/")
	                         ? "registration_credential_lists"
	                 : addresses ? "call_access_lists"
	                             : "call_credential_lists",
		.prefix = addresses ? "AL" : "CL",
		.param = addresses ? "IpAccessControlListSid"
	                           : "CredentialListSid",
		.legacy = strstr(pattern, "/Auth/") == NULL,
	};
}

static const struct shape shape[] = {LIST_SHAPE, {0}};

static json_t *mapping_json(const struct ask *q, const struct fields *list)
{
	struct place place = place_of(q);
	json_t *json = shape_json(shape, list);
	char uri[300];

	if (!place.legacy)
		return json;
	(void)snprintf(uri, sizeof(uri),
	               "/2010-04-01/Accounts/%s/SIP/Domains/%s/%s/%s.json",
	               ask_account(q), ask_part(q, 0),
	               place.prefix[0] == 'A' ? "IpAccessControlListMappings"
	                                      : "CredentialListMappings",
	               fields_text(list, "sid"));
	(void)json_object_set_new(json, "domain_sid",
	                          json_string(ask_part(q, 0)));
	(void)json_object_set_new(json, "uri", json_string(uri));
	return json;
}

static const char *plural(const struct ask *q)
{
	struct place place = place_of(q);

	if (!place.legacy)
		return "contents";
	return place.prefix[0] == 'A' ? "ip_access_control_list_mappings"
	                              : "credential_list_mappings";
}

static const char *singular(const struct ask *q)
{
	return place_of(q).prefix[0] == 'A' ? "SIPIpAccessControlListMapping"
	                                    : "SIPCredentialListMapping";
}

/* Ask for the domain of the path. */
static void find_domain(struct ask *q, records_one_h *handler)
{
	int err = records_find(q->app->db, ask_account(q), ask_part(q, 0),
	                       handler, q);

	if (err)
		ask_fail_errno(q, err);
}

static bool is_there(struct ask *q, int err, const struct fields *fields)
{
	if (err)
		ask_fail_errno(q, err);
	else if (fields->n == 0)
		ask_fail(q, ERROR_MISSING, ask_path(q));
	return !err && fields->n > 0;
}

/* --- list ----------------------------------------------------------------------- */

/* The mapped lists are asked for one after the other. */
struct listing {
	char *words, *at;
	json_t *list;
	size_t skip;
	bool more;
};

static void next_word(struct ask *q);

static void end_listing(struct ask *q)
{
	struct listing *l = q->more;
	json_t *list = l->list;
	size_t n = json_array_size(list);
	const char *last = NULL;

	if (l->more && n > 0)
		last = json_string_value(
			json_object_get(json_array_get(list, n - 1), "sid"));
	free(l->words);
	ask_list(q, plural(q), list, last);
}

static void on_word(void *arg, int err, const char *key,
                    const struct fields *list)
{
	struct ask *q = arg;
	struct listing *l = q->more;

	(void)key;
	if (err) {
		json_decref(l->list);
		free(l->words);
		ask_fail_errno(q, err);
		return;
	}
	if (list->n > 0 && l->skip > 0)
		l->skip--;
	else if (list->n > 0)
		(void)json_array_append_new(l->list, mapping_json(q, list));
	next_word(q);
}

static void next_word(struct ask *q)
{
	struct listing *l = q->more;
	const char *sid = l->at + strspn(l->at, " ");
	size_t n = strcspn(sid, " ");
	int err;

	if (n == 0 || json_array_size(l->list) == q->page.size) {
		l->more = n > 0;
		end_listing(q);
		return;
	}
	l->at = l->words + (sid - l->words) + n;
	if (*l->at)
		*l->at++ = '\0';
	err = records_find(q->app->db, ask_account(q), sid, on_word, q);
	if (err)
		on_word(q, err, "", NULL);
}

static void on_list(void *arg, int err, const char *key,
                    const struct fields *domain)
{
	struct ask *q = arg;
	struct listing *l;

	(void)key;
	if (!is_there(q, err, domain))
		return;
	l = calloc(1, sizeof(*l));
	q->more = l;
	if (l) {
		l->words = strdup(fields_text(domain, place_of(q).field));
		l->list = json_array();
		l->skip = q->page.number * q->page.size;
		l->at = l->words;
	}
	if (!l || !l->words)
		ask_fail(q, ERROR_AWAY, NULL);
	else
		next_word(q);
}

void mappings_list(struct ask *q)
{
	find_domain(q, on_list);
}

/* --- fetch ---------------------------------------------------------------------- */

static void on_fetched_list(void *arg, int err, const char *key,
                            const struct fields *list)
{
	struct ask *q = arg;

	(void)key;
	if (is_there(q, err, list))
		ask_ok(q, singular(q), mapping_json(q, list));
}

static void find_list(struct ask *q, const char *sid, records_one_h *handler)
{
	int err = records_find(q->app->db, ask_account(q), sid, handler, q);

	if (err)
		ask_fail_errno(q, err);
}

static void on_fetch(void *arg, int err, const char *key,
                     const struct fields *domain)
{
	struct ask *q = arg;

	(void)key;
	if (!is_there(q, err, domain))
		return;
	if (!fields_has_word(fields_text(domain, place_of(q).field),
	                     ask_part(q, 1)))
		ask_fail(q, ERROR_MISSING, ask_path(q));
	else
		find_list(q, ask_part(q, 1), on_fetched_list);
}

void mappings_fetch(struct ask *q)
{
	find_domain(q, on_fetch);
}

/* --- create --------------------------------------------------------------------- */

static void on_created(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (ask_changed(q, err, code, "it is mapped to this domain already"))
		ask_created(q, singular(q), mapping_json(q, &q->draft));
}

static void create_mapping(struct ask *q)
{
	struct place place = place_of(q);
	const char *key = fields_text(&q->was, "domain key");
	const char *sid = fields_text(&q->draft, "sid");
	struct change c = {0};

	change_same(&c, key, "sid", ask_part(q, 0), ERROR_MISSING);
	change_present(&c, q->key, ERROR_MISSING);
	change_without(&c, key, place.field, sid, ALREADY);
	change_words_of(&c, key, place.field, "", sid);
	ask_change(q, &c, on_created);
}

static void on_create_domain(void *arg, int err, const char *key,
                             const struct fields *domain)
{
	struct ask *q = arg;

	if (!is_there(q, err, domain))
		return;
	fields_set(&q->was, "domain key", key);
	if (place_of(q).prefix[0] == 'C')
		mappings_if_they_sign(q, domain, create_mapping);
	else
		create_mapping(q);
}

static void on_create_list(void *arg, int err, const char *key,
                           const struct fields *list)
{
	struct ask *q = arg;

	if (!is_there(q, err, list))
		return;
	fields_merge(&q->draft, list);
	(void)snprintf(q->key, sizeof(q->key), "%s", key);
	find_domain(q, on_create_domain);
}

void mappings_create(struct ask *q)
{
	struct place place = place_of(q);
	const char *sid = fields_text(&q->params, place.param);

	if (!sid_valid(sid, place.prefix))
		ask_fail(q, ERROR_PARAMETER, place.param);
	else
		find_list(q, sid, on_create_list);
}

/* --- delete --------------------------------------------------------------------- */

static void on_deleted(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (ask_changed(q, err, code, ""))
		ask_gone(q);
}

static void on_delete(void *arg, int err, const char *key,
                      const struct fields *domain)
{
	struct ask *q = arg;
	struct place place = place_of(q);
	struct change c = {0};

	if (!is_there(q, err, domain))
		return;
	if (!fields_has_word(fields_text(domain, place.field),
	                     ask_part(q, 1))) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	change_same(&c, key, "sid", ask_part(q, 0), ERROR_MISSING);
	change_words_of(&c, key, place.field, ask_part(q, 1), "");
	ask_change(q, &c, on_deleted);
}

void mappings_delete(struct ask *q)
{
	find_domain(q, on_delete);
}
