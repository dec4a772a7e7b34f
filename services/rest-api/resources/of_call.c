/*
 * of_call.c - what is under a call of the path
 */
#include "of_call.h"

#include <stdio.h>

#include "app.h"
#include "ask.h"
#include "core/error.h"
#include "crud_impl.h"

enum { KEY_SIZE = 64 };

void of_call_find(struct ask *q, records_one_h *handler)
{
	char key[KEY_SIZE];
	int err;

	(void)snprintf(key, sizeof(key), "call:{%s}", ask_part(q, 0));
	err = records_get(q->app->db, key, handler, q);
	if (err)
		ask_fail_errno(q, err);
}

bool of_call_is_own(struct ask *q, int err, const struct fields *call)
{
	bool own = !err && crud_is_own(q, call);

	if (err)
		ask_fail_errno(q, err);
	else if (!own)
		ask_fail(q, ERROR_MISSING, ask_path(q));
	return own;
}

void of_call_texts(struct ask *q, const char *head, records_texts_h *handler)
{
	char list[KEY_SIZE];
	int err;

	(void)snprintf(list, sizeof(list), "%s%s", head, ask_part(q, 0));
	err = records_texts(q->app->db, list, q->page.number * q->page.size,
	                    q->page.size + 1, handler, q);
	if (err)
		ask_fail_errno(q, err);
}

void of_call_list(struct ask *q, const char *name, const char *const *texts,
                  size_t n,
                  json_t *(*show)(const struct ask *q, const char *text))
{
	json_t *list = json_array();

	for (size_t i = 0; i < n && i < q->page.size; i++) {
		json_t *json = show(q, texts[i]);

		if (json)
			(void)json_array_append_new(list, json);
	}
	/* Texts have no sids: pages are counted, a next one has a token. */
	ask_list(q, name, list, n > q->page.size ? ask_part(q, 0) : NULL);
}
