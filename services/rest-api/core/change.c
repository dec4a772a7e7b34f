/*
 * change.c - a change of the configuration
 *
 * The script reads conditions ("absent" key "" "" code), then commands: "run", how
 * many words follow, those words; "sweep" and three keys; "clear", two keys, a
 * field, its value; "words", a key, a field, two words. Pure: no I/O.
 */
#include "change.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

enum { NUMBER = 24 };

static void close_words(struct change_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i]);
	free(w->v);
}

void change_close(struct change *c)
{
	close_words(&c->conditions);
	close_words(&c->commands);
	*c = (struct change){0};
}

static void word(struct change *c, struct change_words *w, const char *s)
{
	if (w->n == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 64;
		char **v = realloc(w->v, cap * sizeof(*v));

		if (!v) {
			c->failed = true;
			return;
		}
		w->v = v;
		w->cap = cap;
	}
	w->v[w->n] = strdup(s);
	if (w->v[w->n])
		w->n++;
	else
		c->failed = true;
}

static void number(struct change *c, struct change_words *w,
                   unsigned long long v)
{
	char text[NUMBER];

	(void)snprintf(text, sizeof(text), "%llu", v);
	word(c, w, text);
}

static void condition(struct change *c, uint32_t code,
                      const char *const words[4])
{
	for (int i = 0; i < 4; i++)
		word(c, &c->conditions, words[i]);
	number(c, &c->conditions, code);
}

void change_absent(struct change *c, const char *key, uint32_t code)
{
	condition(c, code, (const char *[]){"absent", key, "", ""});
}

void change_present(struct change *c, const char *key, uint32_t code)
{
	condition(c, code, (const char *[]){"present", key, "", ""});
}

void change_fewer(struct change *c, const char *key, size_t max, uint32_t code)
{
	char text[NUMBER];

	(void)snprintf(text, sizeof(text), "%zu", max);
	condition(c, code, (const char *[]){"fewer", key, text, ""});
}

void change_same(struct change *c, const char *key, const char *field,
                 const char *value, uint32_t code)
{
	condition(c, code, (const char *[]){"same", key, field, value});
}

void change_without(struct change *c, const char *key, const char *field,
                    const char *word, uint32_t code)
{
	condition(c, code, (const char *[]){"without", key, field, word});
}

void change_run(struct change *c, const char *command, ...)
{
	unsigned long long n = 1;
	va_list ap;

	va_start(ap, command);
	while (va_arg(ap, const char *))
		n++;
	va_end(ap);
	word(c, &c->commands, "run");
	number(c, &c->commands, n);
	word(c, &c->commands, command);
	va_start(ap, command);
	for (const char *s; (s = va_arg(ap, const char *));)
		word(c, &c->commands, s);
	va_end(ap);
}

void change_hset(struct change *c, const char *key, const struct fields *f)
{
	c->failed = c->failed || f->failed;
	if (f->n == 0)
		return;
	word(c, &c->commands, "run");
	number(c, &c->commands, 2 + 2 * f->n);
	word(c, &c->commands, "HSET");
	word(c, &c->commands, key);
	for (size_t i = 0; i < f->n; i++) {
		word(c, &c->commands, f->v[i].name);
		word(c, &c->commands, f->v[i].value);
	}
}

static void command(struct change *c, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		word(c, &c->commands, words[i]);
}

void change_sweep(struct change *c, const char *index, const char *sids,
                  const char *set)
{
	command(c, (const char *[]){"sweep", index, sids, set}, 4);
}

void change_clear(struct change *c, const char *index, const char *sids,
                  const char *field, const char *value)
{
	command(c, (const char *[]){"clear", index, sids, field, value}, 5);
}

void change_words_of(struct change *c, const char *key, const char *field,
                     const char *old, const char *now)
{
	command(c, (const char *[]){"words", key, field, old, now}, 5);
}
