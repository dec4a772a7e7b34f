/*
 * record_secret.c - passwords in what a leg is played: not in its record
 *
 * People read `media:{MS...}`, so a URL stands there without its user and password.
 * The next life of the process needs them: they are in `media:{MS...}:secret`.
 */
#include "adapters/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json_text.h"
#include "base/mask.h"
#include "base/strbuf.h"

static bool has_secret(const struct plays *plays)
{
	struct strbuf shown = {0};
	bool any = false;

	for (size_t i = 0; i < plays->n && !any; i++) {
		strbuf_reset(&shown);
		any = mask_add(&shown, plays->items[i].what);
	}
	strbuf_close(&shown);
	return any;
}

char *record_secret(const struct session_leg *leg)
{
	struct strbuf b = {0};

	if (leg->closed || leg->spec.source != SOURCE_LIST || !leg->plays ||
	    !has_secret(leg->plays))
		return NULL;
	strbuf_addc(&b, '[');
	for (size_t i = 0; i < leg->plays->n; i++) {
		json_text_next(&b);
		json_text_string(&b, leg->plays->items[i].what);
	}
	strbuf_addc(&b, ']');
	return strbuf_take(&b);
}

/* It may be of an older list. */
static bool is_shown_as(const char *secret, const char *what)
{
	struct strbuf shown = {0};
	bool same = secret && mask_add(&shown, secret) &&
	            strcmp(strbuf_str(&shown), what) == 0;

	strbuf_close(&shown);
	return same;
}

int record_read_secret(struct session *s, const char *name, const char *json)
{
	struct session_leg *leg = session_find(s, name);
	json_t *list = json_loads(json, 0, NULL);
	struct plays *plays = leg ? leg->plays : NULL, *whole;
	int err = EINVAL;

	if (!plays || json_array_size(list) != plays->n)
		goto out;
	for (size_t i = 0; i < plays->n; i++) {
		const char *what = json_string_value(json_array_get(list, i));

		if (is_shown_as(what, plays->items[i].what))
			plays->items[i].what = what;
	}
	whole = plays_copy(plays->items, plays->n);
	err = whole ? 0 : ENOMEM;
	free(plays);
	leg->plays = whole;
out:
	json_decref(list);
	return err;
}
