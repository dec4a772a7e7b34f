/*
 * plan_rates.c - what calls cost (`rates:<name>`)
 *
 * Pure: no I/O, no clock, no log.
 */
#include <stdlib.h>

#include <jansson.h>

#include "plan_impl.h"

static json_t *rate_json(const struct object *o)
{
	return json_pack("{s:s, s:s, s:s, s:i, s:i}", "direction",
	                 object_text(o, "direction"), "prefix",
	                 object_text(o, "prefix"), "per_minute",
	                 object_text(o, "per_minute"), "minimum",
	                 plan_number(o, "minimum"), "increment",
	                 plan_number(o, "increment"));
}

void plan_rates(struct plan *p, const struct object *table)
{
	json_t *list = json_array();
	char *text = NULL;

	/* Its rates stand right behind it. */
	for (const struct object *o = table->next;
	     o && o->id == KIND_RATE && o->owner == table; o = o->next)
		(void)json_array_append_new(list, rate_json(o));
	if (list)
		text = json_dumps(list, JSON_COMPACT);
	if (text)
		plan_pair(p, "rates", text);
	else
		p->w.failed = true;
	free(text);
	json_decref(list);
}
