/*
 * table.c - JSON as people like to read it
 *
 * Pure: no I/O.
 */
#include "table.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

enum { COLUMNS_MAX = 12, NAME_MAX_LEN = 40, CELL_MAX = 80 };

static void add_scalar(struct strbuf *b, const json_t *v)
{
	if (json_is_string(v))
		strbuf_add(b, json_string_value(v));
	else if (json_is_boolean(v))
		strbuf_add(b, json_is_true(v) ? "yes" : "no");
	else if (json_is_integer(v))
		strbuf_addf(b, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		strbuf_addf(b, "%g", json_real_value(v));
}

/* As text, in @p b: an array of scalars with commas, one of others as JSON */
static const char *text_of(const json_t *v, struct strbuf *b)
{
	bool plain = true;
	char *text;

	strbuf_reset(b);
	for (size_t i = 0; i < json_array_size(v); i++) {
		const json_t *one = json_array_get(v, i);

		plain &= !json_is_object(one) && !json_is_array(one);
		strbuf_add(b, i ? ", " : "");
		add_scalar(b, one);
	}
	if (!json_is_array(v))
		add_scalar(b, v);
	if (plain)
		return strbuf_str(b);
	text = json_dumps(v, JSON_COMPACT);
	strbuf_reset(b);
	strbuf_add(b, text ? text : "");
	free(text);
	return strbuf_str(b);
}

/* From the network to a terminal: control characters become blanks. */
static void put(struct strbuf *b, const char *s, size_t width)
{
	size_t n = utf8_count(s, strlen(s));

	for (; *s; s++)
		strbuf_addc(b,
		            (unsigned char)*s < 0x20 || *s == 0x7f ? ' ' : *s);
	for (; n < width; n++)
		strbuf_addc(b, ' ');
}

struct columns {
	char names[COLUMNS_MAX][NAME_MAX_LEN];
	size_t widths[COLUMNS_MAX];
	size_t n;
};

/* Does any row speak of it? What none has is no column. */
static bool is_there(const json_t *array, const char *name)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_object_get(json_array_get(array, i), name))
			return true;
	return json_array_size(array) == 0;
}

static void read_columns(struct columns *c, const char *names,
                         const json_t *array)
{
	c->n = 0;
	for (names += strspn(names, " "); *names && c->n < COLUMNS_MAX;
	     names += strspn(names, " ")) {
		size_t n = strcspn(names, " ");

		(void)snprintf(c->names[c->n], NAME_MAX_LEN, "%.*s", (int)n,
		               names);
		c->widths[c->n] = n;
		c->n += is_there(array, c->names[c->n]);
		names += n;
	}
}

static void measure(struct columns *c, const json_t *array)
{
	struct strbuf room = {0};

	for (size_t i = 0; i < json_array_size(array); i++)
		for (size_t k = 0; k < c->n; k++) {
			const json_t *v = json_object_get(
				json_array_get(array, i), c->names[k]);
			const char *text = text_of(v, &room);
			size_t w = utf8_count(text, strlen(text));

			if (w > c->widths[k])
				c->widths[k] = w > CELL_MAX ? CELL_MAX : w;
		}
	strbuf_close(&room);
}

static void put_head(struct strbuf *b, const struct columns *c)
{
	for (size_t k = 0; k < c->n; k++) {
		char head[NAME_MAX_LEN];
		size_t i;

		for (i = 0; c->names[k][i]; i++)
			head[i] =
				c->names[k][i] == '_'
					? ' '
					: (char)toupper((unsigned char)
			                                        c->names[k][i]);
		head[i] = '\0';
		put(b, head, k + 1 < c->n ? c->widths[k] + 2 : 0);
	}
	strbuf_addc(b, '\n');
}

void table_rows(struct strbuf *b, const json_t *array, const char *columns)
{
	struct columns c;
	struct strbuf room = {0};

	read_columns(&c, columns, array);
	measure(&c, array);
	put_head(b, &c);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *row = json_array_get(array, i);

		for (size_t k = 0; k < c.n; k++)
			put(b, text_of(json_object_get(row, c.names[k]), &room),
			    k + 1 < c.n ? c.widths[k] + 2 : 0);
		strbuf_addc(b, '\n');
	}
	strbuf_close(&room);
}

void table_one(struct strbuf *b, const json_t *object)
{
	size_t width = 0;
	const char *key;
	json_t *v;
	struct strbuf room = {0};

	json_object_foreach((json_t *)object, key, v) if (strlen(key) > width)
		width = strlen(key);
	json_object_foreach((json_t *)object, key, v)
	{
		if (json_is_object(v) || json_is_null(v))
			continue;
		put(b, key, width + 2);
		put(b, text_of(v, &room), 0);
		strbuf_addc(b, '\n');
	}
	strbuf_close(&room);
}
