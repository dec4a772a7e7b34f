/*
 * plan_words.c - a command under construction
 *
 * Pure: no I/O, no clock, no log.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan_impl.h"

void plan_word(struct plan *p, const char *s)
{
	struct words *w = &p->w;

	if (w->n == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 64;
		char **v = realloc(w->v, cap * sizeof(*v));

		if (!v) {
			w->failed = true;
			return;
		}
		w->v = v;
		w->cap = cap;
	}
	w->v[w->n] = strdup(s);
	if (!w->v[w->n])
		w->failed = true;
	else
		w->n++;
}

void plan_clear(struct plan *p)
{
	for (size_t i = 0; i < p->w.n; i++)
		free(p->w.v[i]);
	p->w.n = 0;
}

int plan_give(struct plan *p)
{
	int err = p->w.failed ? ENOMEM : 0;

	if (!err)
		err = p->handler(p->arg, (int)p->w.n, (const char **)p->w.v);
	plan_clear(p);
	return err;
}

void plan_pair(struct plan *p, const char *name, const char *value)
{
	plan_word(p, name);
	plan_word(p, value);
}
