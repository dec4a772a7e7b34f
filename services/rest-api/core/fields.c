/*
 * fields.c - named texts in their order: a form, or a hash of Redis
 *
 * Pure: no I/O.
 */
#include "fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/form.h"

void fields_close(struct fields *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].name);
		free(f->v[i].value);
	}
	free(f->v);
	*f = (struct fields){0};
}

static bool grow(struct fields *f)
{
	size_t cap = f->cap ? f->cap * 2 : 16;
	struct field *v = realloc(f->v, cap * sizeof(*v));

	if (!v)
		return false;
	f->v = v;
	f->cap = cap;
	return true;
}

void fields_add(struct fields *f, const char *name, const char *value)
{
	struct field *at;

	if (f->n == f->cap && !grow(f)) {
		f->failed = true;
		return;
	}
	at = &f->v[f->n];
	at->name = strdup(name);
	at->value = strdup(value);
	if (at->name && at->value) {
		f->n++;
		return;
	}
	free(at->name);
	free(at->value);
	f->failed = true;
}

void fields_set(struct fields *f, const char *name, const char *value)
{
	for (size_t i = 0; i < f->n; i++) {
		char *copy;

		if (strcmp(f->v[i].name, name) != 0)
			continue;
		copy = strdup(value);
		if (!copy) {
			f->failed = true;
			return;
		}
		free(f->v[i].value);
		f->v[i].value = copy;
		return;
	}
	fields_add(f, name, value);
}

void fields_set_uint(struct fields *f, const char *name,
                     unsigned long long value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", value);
	fields_set(f, name, text);
}

const char *fields_get(const struct fields *f, const char *name)
{
	for (size_t i = f->n; i > 0; i--)
		if (strcmp(f->v[i - 1].name, name) == 0)
			return f->v[i - 1].value;
	return NULL;
}

const char *fields_text(const struct fields *f, const char *name)
{
	const char *value = fields_get(f, name);

	return value ? value : "";
}

void fields_merge(struct fields *f, const struct fields *from)
{
	for (size_t i = 0; i < from->n; i++)
		fields_set(f, from->v[i].name, from->v[i].value);
	f->failed = f->failed || from->failed;
}

static int on_pair(void *arg, const char *name, const char *value)
{
	struct fields *f = arg;

	fields_add(f, name, value);
	return f->failed ? ENOMEM : 0;
}

int fields_form(struct fields *f, const char *s, size_t n)
{
	return form_parse(s, n, on_pair, f);
}

bool fields_has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (list += strspn(list, " "); *list; list += strspn(list, " ")) {
		size_t len = strcspn(list, " ");

		if (len == n && memcmp(list, word, n) == 0)
			return true;
		list += len;
	}
	return false;
}
