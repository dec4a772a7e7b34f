/*
 * health.c - which targets of carriers answer, as all controllers know it
 */
#include "health.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json_text.h"
#include "base/strbuf.h"
#include "store/time.h"

struct target_health {
	struct target_health *next;
	bool down;
	bool read; /* since health_begin() */
	bool own;  /* noted since the last health_end(): Redis may not have it
	            * when it was asked */
	uint64_t since_ms, checked_ms;
	char uri[];
};

struct health {
	struct target_health *first;
	size_t n, down;
};

int health_alloc(struct health **hp)
{
	*hp = calloc(1, sizeof(**hp));
	return *hp ? 0 : ENOMEM;
}

void health_free(struct health *h)
{
	struct target_health *next;

	for (struct target_health *t = h ? h->first : NULL; t; t = next) {
		next = t->next;
		free(t);
	}
	free(h);
}

bool health_lives(bool reached, unsigned status)
{
	return reached && status != 408 && status != 502 && status != 503 &&
	       status != 504;
}

static struct target_health *find(const struct health *h, const char *uri)
{
	struct target_health *t = h->first;

	while (t && strcmp(t->uri, uri) != 0)
		t = t->next;
	return t;
}

/* The one of this URI; made when there is none. NULL: no room */
static struct target_health *take(struct health *h, const char *uri)
{
	struct target_health *t = find(h, uri);
	size_t n = strlen(uri) + 1;

	if (t || h->n >= HEALTH_MAX)
		return t;
	t = calloc(1, sizeof(*t) + n);
	if (!t)
		return NULL;
	memcpy(t->uri, uri, n);
	t->next = h->first;
	h->first = t;
	h->n++;
	return t;
}

static void set(struct health *h, struct target_health *t, bool down,
                uint64_t since_ms)
{
	h->down += (size_t)down - (size_t)t->down;
	t->down = down;
	t->since_ms = since_ms;
}

bool health_note(struct health *h, const char *uri, bool lives, uint64_t now_ms)
{
	struct target_health *t = take(h, uri);
	bool first;

	if (!t)
		return false;
	t->own = true;
	t->checked_ms = now_ms;
	first = t->since_ms == 0;
	if (!first && t->down == !lives)
		return false;
	set(h, t, !lives, now_ms);
	return !first || !lives;
}

void health_print(const struct health *h, const char *uri, struct strbuf *out)
{
	const struct target_health *t = find(h, uri);
	char text[TIME_TEXT_SIZE];

	if (!t)
		return;
	strbuf_addc(out, '{');
	json_text_member(out, "state", t->down ? "down" : "up");
	time_text(t->since_ms, text);
	json_text_member(out, "since", text);
	time_text(t->checked_ms, text);
	json_text_member(out, "checked", text);
	strbuf_addc(out, '}');
}

void health_begin(struct health *h)
{
	for (struct target_health *t = h->first; t; t = t->next)
		t->read = false;
}

static uint64_t time_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text ? time_parse(text) : 0;
}

void health_read(struct health *h, const char *uri, const char *json)
{
	json_t *o = json_loads(json, 0, NULL);
	const char *state = json_string_value(json_object_get(o, "state"));
	uint64_t since_ms = time_of(o, "since");
	uint64_t checked_ms = time_of(o, "checked");
	struct target_health *t =
		state && since_ms && checked_ms ? take(h, uri) : NULL;

	if (t)
		t->read = true;
	if (t && checked_ms >= t->checked_ms) {
		set(h, t, strcmp(state, "down") == 0, since_ms);
		t->checked_ms = checked_ms;
	}
	json_decref(o);
}

void health_end(struct health *h)
{
	struct target_health **tp = &h->first;

	while (*tp) {
		struct target_health *t = *tp;

		if (t->read || t->own) {
			t->own = false;
			tp = &t->next;
			continue;
		}
		*tp = t->next;
		h->n--;
		h->down -= t->down;
		free(t);
	}
}

bool health_is_down(const struct health *h, const char *uri)
{
	const struct target_health *t = h && h->down ? find(h, uri) : NULL;

	return t && t->down;
}

size_t health_count(const struct health *h, bool down)
{
	return down ? h->down : h->n - h->down;
}
