/*
 * detach.c - a child call that has become a call of its own
 */
#include "detach.h"

#include "app.h"
#include "sip.h"
#include "store.h"
#include "timers.h"

void detach_fetch(struct app *app, struct owned *o, const struct command *cmd)
{
	struct event ev = app_event(EV_DETACHED, 0);
	struct call *call = call_take_detached(o->call);
	struct owned *made = call ? app_add(app, call, o->domain, 1) : NULL;

	if (!made) {
		log_error(&o->log, "out of memory: leg %u is lost", cmd->leg);
		call_free(call);
		return;
	}
	sip_move(o, made, cmd->leg);
	timers_move(o, made, cmd->leg);
	log_info(&made->log, "was a child of %s", o->sid);
	store_begin(app, made);
	app_post(app, made->sid, &ev);
}
