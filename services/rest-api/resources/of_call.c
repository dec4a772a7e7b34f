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
