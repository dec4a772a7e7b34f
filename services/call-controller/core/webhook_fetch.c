/*
 * webhook_fetch.c - documents that are asked for, and actions that are told
 *
 * Pure.
 */
#include "webhook.h"

#include <string.h>

#include "state.h"
#include "url.h"
#include "webhook_priv.h"

/* Ask what the program's fetch says. */
static struct cmd_fetch *ask(struct call *call, struct step *st)
{
	struct fetch *f = &st->program->fetch;
	struct params p;

	params_init(&p, st);
	params_add_standard(&p, call, st);
	for (size_t i = 0; i < f->n_params; i++)
		params_add(&p, arena_str(p.arena, f->params[i].name),
		           arena_str(p.arena, f->params[i].value));
	if (f->fallback) {
		params_add(&p, "ErrorCode", params_number(&p, f->error_code));
		params_add(&p, "ErrorUrl", arena_str(p.arena, f->error_url));
	}
	f->pending = true;
	return webhook_request(call, CMD_FETCH, arena_str(p.arena, f->url),
	                       arena_str(p.arena, f->method), &p, st);
}

/* @return 0, or the code of the alert that says what is wrong with it */
static uint32_t resolve(struct call *call, const struct next *next,
                        struct step *st, const char **urlp)
{
	const char *base = st->program->interp.url;
	struct arena *a = &st->out->arena;

	*urlp = url_resolve(a, base ? base : next->url, next->url);
	if (*urlp)
		return 0;
	/* The API gave the document, and no URL for it. */
	if (next->action && base && !*base && url_relative(next->url)) {
		call_alert(
			call, st, 15004, true,
			arena_printf(a,
		                     "the document has no URL that action="
		                     "\"%.200s\" could be relative to: write "
		                     "a whole one, https://…",
		                     next->url));
		return 15004;
	}
	call_alert(call, st, 11100, true,
	           arena_printf(a,
	                        "this is not a URL that can be asked: %.200s",
	                        next->url));
	return 11100;
}

const char *webhook_action(struct call *call, const char *action,
                           struct step *st)
{
	const struct next next = {.url = action, .action = true};
	const char *url;

	return resolve(call, &next, st, &url) ? NULL : url;
}

uint32_t webhook_fetch(struct call *call, const struct next *next,
                       struct step *st)
{
	struct fetch *f = &st->program->fetch;
	const char *url;
	uint32_t code = resolve(call, next, st, &url);
	bool first = !call->fetches && !call->notified && !call->outgoing;
	struct pair *copy;

	if (code)
		return code;
	arena_reset(&f->arena);
	copy = arena_alloc(&f->arena, (next->n_params + 1) * sizeof(*copy));
	for (size_t i = 0; copy && i < next->n_params; i++) {
		copy[i].name = arena_str(&f->arena, next->params[i].name);
		copy[i].value = arena_str(&f->arena, next->params[i].value);
	}
	f->params = copy;
	f->n_params = copy ? next->n_params : 0;
	if (f->n_params > FETCH_PARAMS_MAX)
		f->n_params = FETCH_PARAMS_MAX;
	f->url = arena_str(&f->arena, url);
	f->method = arena_str(&f->arena, next->method);
	f->fallback = false;
	f->id = ++call->fetches;
	ask(call, st)->first = first;
	return 0;
}

bool webhook_fetch_fallback(struct call *call, uint32_t error_code,
                            struct step *st)
{
	struct fetch *f = &st->program->fetch;

	if (st->program->child || f->fallback ||
	    !url_absolute(call->facts.fallback_url))
		return false;
	f->error_code = error_code;
	f->error_url = f->url ? f->url : "";
	f->url = call->facts.fallback_url;
	f->method = call->facts.fallback_method;
	f->fallback = true;
	f->id = ++call->fetches;
	(void)ask(call, st);
	return true;
}

void webhook_fetch_again(struct call *call, struct step *st)
{
	if (st->program->fetch.pending)
		(void)ask(call, st);
}

void webhook_tell(struct call *call, const struct next *next, struct step *st)
{
	const char *url;
	struct params p;

	if (resolve(call, next, st, &url))
		return;
	params_init(&p, st);
	params_add_standard(&p, call, st);
	for (size_t i = 0; i < next->n_params; i++)
		params_add(&p, next->params[i].name, next->params[i].value);
	(void)webhook_request(call, CMD_NOTIFY, url, next->method, &p, st);
}
