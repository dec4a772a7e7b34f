/*
 * problems.c - what is wrong in a file: line, what, remedy
 *
 * Pure: no I/O, no clock, no log.
 */
#include "problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 400 }; /* bytes of a sentence; values in it are short */

void problems_close(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].text);
	free(p->v);
	*p = (struct problems){0};
}

/* Out of memory loses the sentence, not the fact: `errors` was counted. */
static void add(struct problems *p, struct problem problem, const char *fmt,
                va_list ap)
{
	if (!p->v)
		p->v = calloc(PROBLEMS_MAX, sizeof(*p->v));
	problem.text = malloc(TEXT_MAX);
	if (!p->v || !problem.text || p->n == PROBLEMS_MAX) {
		free(problem.text);
		return;
	}
	(void)vsnprintf(problem.text, TEXT_MAX, fmt, ap);
	p->v[p->n++] = problem;
}

void problems_error(struct problems *p, unsigned line, const char *fmt, ...)
{
	va_list ap;

	p->errors++;
	va_start(ap, fmt);
	add(p, (struct problem){.line = line}, fmt, ap);
	va_end(ap);
}

void problems_warn(struct problems *p, unsigned line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(p, (struct problem){.line = line, .warning = true}, fmt, ap);
	va_end(ap);
}

/* Insertion sort: stable, and there are at most PROBLEMS_MAX. */
void problems_sort(struct problems *p)
{
	for (size_t i = 1; i < p->n; i++) {
		struct problem moved = p->v[i];
		size_t j = i;

		for (; j > 0 && p->v[j - 1].line > moved.line; j--)
			p->v[j] = p->v[j - 1];
		p->v[j] = moved;
	}
}
