/*
 * alert.c - the request that an alert is about
 *
 * Pure: no I/O.
 */
#include "alert.h"

#include <stdbool.h>
#include <string.h>

#include "base/form.h"
#include "base/strbuf.h"
#include "fields.h"

/* A member of the inspector's record as text: objects as a form */
static json_t *as_text(const json_t *v)
{
	struct strbuf b = {0};
	const char *name;
	json_t *member, *text;

	if (json_is_string(v))
		return json_string(json_string_value(v));
	if (!json_is_object(v))
		return json_null();
	json_object_foreach((json_t *)v, name, member) form_add(
		&b, name,
		json_is_string(member) ? json_string_value(member) : "");
	text = json_string(strbuf_str(&b));
	strbuf_close(&b);
	return text;
}

/* Is this the URL of the alert? That one hides a user, and the parameters of a GET
 * are in the other's query. */
static bool is_url(const char *its, const char *url)
{
	static const char hidden[] = "***@";
	const char *at = strstr(url, hidden);
	size_t before = at ? (size_t)(at - url) : 0;

	if (at && strncmp(its, url, before) == 0) {
		its += before;
		url = at + sizeof(hidden) - 1;
	}
	before = strcspn(its, "?#");
	return strcspn(url, "?#") == before && strncmp(its, url, before) == 0;
}

/* The latest of the URL that was done before the alert */
static json_t *request_of(const struct fields *alert, const char *const *texts,
                          size_t n)
{
	const char *url = fields_text(alert, "url");
	const char *time = fields_text(alert, "time");
	json_t *found = NULL;

	for (size_t i = 0; i < n && *url && !found; i++) {
		json_t *r = json_loads(texts[i], 0, NULL);
		const char *its = json_string_value(json_object_get(r, "url"));
		const char *then =
			json_string_value(json_object_get(r, "time"));

		if (its && then && is_url(its, url) && strcmp(then, time) <= 0)
			found = json_incref(r);
		json_decref(r);
	}
	return found;
}

bool alert_is_about(const struct fields *alert, const char *const *texts,
                    size_t n)
{
	json_t *r = request_of(alert, texts, n);
	bool found = r != NULL;

	json_decref(r);
	return found;
}

void alert_add_request(json_t *json, const struct fields *alert,
                       const char *const *texts, size_t n)
{
	json_t *r = request_of(alert, texts, n);

	(void)json_object_set_new(json, "request_variables",
	                          as_text(json_object_get(r, "params")));
	(void)json_object_set_new(json, "response_body",
	                          as_text(json_object_get(r, "body")));
	(void)json_object_set_new(
		json, "response_headers",
		as_text(json_object_get(r, "response_headers")));
	(void)json_object_set_new(
		json, "request_headers",
		as_text(json_object_get(r, "request_headers")));
	if (r)
		(void)json_object_set(json, "request_method",
		                      json_object_get(r, "method"));
	json_decref(r);
}
