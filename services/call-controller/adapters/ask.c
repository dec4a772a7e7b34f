/*
 * ask.c - a question under way to the bus or to Redis, for one call
 */
#include "ask.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "loop/loop.h"

void *ask_alloc(struct app *app, size_t size, const char *call_sid)
{
	struct ask *ask;

	assert(size >= sizeof(*ask));
	ask = calloc(1, size);
	if (!ask)
		return NULL;
	ask->app = app;
	(void)snprintf(ask->call_sid, sizeof(ask->call_sid), "%s", call_sid);
	ask->next = app->asks;
	ask->prev = &app->asks;
	if (ask->next)
		ask->next->prev = &ask->next;
	app->asks = ask;
	return ask;
}

void ask_free(struct ask *ask)
{
	if (!ask)
		return;
	*ask->prev = ask->next;
	if (ask->next)
		ask->next->prev = ask->prev;
	if (ask->close)
		ask->close(ask);
	timer_free(ask->timer);
	free(ask);
}

void ask_free_all(struct app *app)
{
	struct ask *next;

	for (struct ask *ask = app->asks; ask; ask = next) {
		next = ask->next;
		ask_free(ask);
	}
}

bool ask_open(const struct app *app, const char *call_sid)
{
	for (const struct ask *ask = app->asks; ask; ask = ask->next)
		if (strcmp(ask->call_sid, call_sid) == 0)
			return true;
	return false;
}

bool ask_is_away(const Trestle__Envelope *reply)
{
	return reply->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL &&
	       reply->refusal->reason == TRESTLE__REFUSAL__REASON__UNAVAILABLE;
}
