/*
 * ask_change.c - a request that changes the configuration
 */
#include "ask_change.h"

#include "app.h"
#include "ask.h"
#include "core/change.h"

void ask_change(struct ask *q, struct change *c, records_change_h *handler)
{
	int err = records_change(q->app->db, c, handler, q);

	change_close(c);
	if (err)
		ask_fail_errno(q, err);
}

bool ask_changed(struct ask *q, int err, uint32_t code, const char *detail)
{
	if (err)
		ask_fail_errno(q, err);
	else if (code)
		ask_fail(q, code, detail);
	return !err && !code;
}
