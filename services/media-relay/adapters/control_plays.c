/*
 * control_plays.c - the lists of plays of a SessionPut
 */
#include "control_plays.h"

#include <stdlib.h>

#include "core/plays.h"

/* @param to set to a copy of the list; NULL when it is empty */
static const char *read_plays(struct plays **to, Trestle__Play *const *list,
                              size_t n)
{
	struct play items[PLAYS_MAX];
	const char *why;

	if (n == 0)
		return NULL;
	if (n > PLAYS_MAX)
		return "too many plays";
	for (size_t i = 0; i < n; i++)
		items[i] = (struct play){
			.kind = (enum play_kind)list[i]->kind,
			.what = list[i]->what,
			.voice = list[i]->voice,
			.language = list[i]->language,
			.length_ms = list[i]->length_ms,
			.times = list[i]->times,
		};
	why = plays_problem(items, n);
	if (why)
		return why;
	*to = plays_copy(items, n);
	return *to ? NULL : "out of memory";
}

const char *control_read_plays(struct app_put *put, size_t i,
                               const Trestle__MediaLeg *m)
{
	const char *why = NULL;

	if (m->listen) {
		put->listens[i] = listen_order_copy(
			m->listen->language, m->listen->partial,
			m->listen->hints, m->listen->n_hints);
		if (!put->listens[i])
			return "language or hints of a listen are too long";
	}
	/* of another source it is not needed */
	if (m->source == TRESTLE__SOURCE__SOURCE_PLAYS)
		why = read_plays(&put->plays[i], m->plays, m->n_plays);
	return why ? why
	           : read_plays(&put->prefetch[i], m->prefetch, m->n_prefetch);
}

void control_free_plays(struct app_put *put)
{
	for (size_t i = 0; i < put->n; i++) {
		if (put->plays)
			free(put->plays[i]);
		if (put->prefetch)
			free(put->prefetch[i]);
		if (put->listens)
			free(put->listens[i]);
	}
	free(put->listens);
	free(put->plays);
	free(put->prefetch);
}
