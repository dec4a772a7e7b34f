/*
 * step_log.c - one log line for each step: the trace of a call
 *
 * Built by hand and not by printf: it is on the way of every call.
 */
#include "step_log.h"

#include <string.h>

#include "app.h"
#include "base/decimal.h"

struct line {
	size_t n;
	char s[1024];
};

static void add(struct line *l, const char *s)
{
	size_t n = strlen(s);

	if (l->n + n >= sizeof(l->s))
		n = sizeof(l->s) - 1 - l->n;
	memcpy(l->s + l->n, s, n);
	l->n += n;
	l->s[l->n] = '\0';
}

static void add_number(struct line *l, unsigned value)
{
	char digits[DECIMAL_SIZE];

	add(l, decimal(value, digits));
}

void step_log(const struct owned *o, const char *before, const struct event *ev,
              const struct commands *out)
{
	struct line l;

	if (!log_enabled(LOG_INFO))
		return;
	l.n = 0;
	add(&l, before);
	add(&l, " + ");
	add(&l, event_name(ev->type));
	if (ev->leg) {
		add(&l, " leg ");
		add_number(&l, ev->leg);
	}
	if (ev->status) {
		add(&l, " ");
		add_number(&l, ev->status);
	}
	add(&l, " -> ");
	add(&l, call_state_name(o->call));
	add(&l, ":");
	for (size_t i = 0; i < out->n; i++) {
		add(&l, " ");
		add(&l, command_name(out->v[i].type));
		if (!out->v[i].leg)
			continue;
		add(&l, "(");
		add_number(&l, out->v[i].leg);
		add(&l, ")");
	}
	log_info(&o->log, "%s", l.s);
}
