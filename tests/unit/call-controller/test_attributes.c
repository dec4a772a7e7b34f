/*
 * test_attributes.c - every attribute: its default, a value, bad values
 *
 * A call is run for each value in the table (attributes.c), and what it did is
 * compared with what it does without the attribute. A bad value has its alert
 * and is otherwise the default; an attribute without a row is a failure.
 */
#include "unit/test.h"

#include "attributes.h"
#include "script.h"
#include "twiml/verb.h"

enum { TEXT = 65536, PATH = 64, TRIES = 200 };

struct transcript {
	size_t n;
	char text[TEXT];
};

__attribute__((format(printf, 2, 3))) static void put(struct transcript *t,
                                                      const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	t->n += (size_t)vsnprintf(t->text + t->n, TEXT - t->n, fmt, ap);
	va_end(ap);
	assert_true(t->n < TEXT);
}

/* What script.h does not tell */
static void put_leg(struct transcript *t, const struct media_leg *leg)
{
	const struct detect *d = &leg->detect;
	const struct listen *l = &leg->listen;

	if (d->wanted)
		put(t, "detect(%s timeout=%u speech=%u pause=%u silence=%u) ",
		    d->until_end ? "end" : "start", d->timeout_ms, d->speech_ms,
		    d->speech_end_ms, d->silence_ms);
	if (!*l->id)
		return;
	put(t, "listen(silence=%u longest=%u) hints(", l->silence_ms,
	    l->max_ms);
	for (size_t i = 0; i < l->n_hints; i++)
		put(t, "%s/", l->hints[i]);
	put(t, ") ");
}

static const char *path_of(const char *url)
{
	return strchr(strstr(url, "://") + 3, '/');
}

static void put_details(struct transcript *t, const struct command *cmd)
{
	if (cmd->type == CMD_ALERT)
		put(t, "!%u%c ", cmd->alert.code, cmd->alert.error ? 'E' : 'W');
	if (cmd->type == CMD_NOTIFY)
		put(t, "%s>%s ", cmd->fetch.method, path_of(cmd->fetch.url));
	if (cmd->type == CMD_FETCH) {
		put(t, "%s:%s ", cmd->fetch.method, path_of(cmd->fetch.url));
		for (size_t i = 14; i < cmd->fetch.n_params; i++)
			put(t, "%s=%s|", cmd->fetch.params[i].name,
			    cmd->fetch.params[i].value);
	}
	if (cmd->type == CMD_INVITE)
		put(t, "from %s as %s:%s ", cmd->invite.from,
		    cmd->invite.username, cmd->invite.password);
	for (size_t i = 0; cmd->type == CMD_MEDIA && i < cmd->media.n_legs; i++)
		put_leg(t, &cmd->media.legs[i]);
}

static void put_step(struct transcript *t, struct script *s, const char *event)
{
	put(t, "%s \n", script_step(s, event));
	for (size_t i = 0; i < s->out->n; i++)
		put_details(t, &s->out->v[i]);
	put(t, "\n");
}

static const struct place *place_of(const char *path)
{
	for (size_t i = 0; i < n_places; i++) {
		if (strcmp(places[i].path, path) == 0)
			return &places[i];
	}
	fail_msg("no place for %s", path);
	return NULL;
}

/* All that a call does in which the attribute has this value, or none */
static void run(const struct attribute *a, const char *value,
                struct transcript *t)
{
	const struct place *place = place_of(a->path);
	const char *slot = strstr(place->document, "%s");
	char doc[8192], attribute[4096] = "";
	struct script s;

	t->n = 0;
	if (value)
		(void)snprintf(attribute, sizeof(attribute), "%s=\"%s\"",
		               a->name, value);
	(void)snprintf(doc, sizeof(doc), "doc <Response>%.*s%s %s%s</Response>",
	               (int)(slot - place->document), place->document,
	               a->beside ? a->beside : "", attribute, slot + 2);
	script_open(&s, &script_phone);
	put_step(t, &s, "start");
	put_step(t, &s, doc);
	for (size_t i = 0; place->events[i]; i++)
		put_step(t, &s, place->events[i]);
	script_close(&s);
}

static void cut(struct transcript *t, const char *what)
{
	char *at = strstr(t->text, what);
	size_t n = strlen(what);

	if (!at)
		return;
	memmove(at, at + n, strlen(at + n) + 1);
	t->n -= n;
}

/* The values of a list in turn; NULL at its end. */
static const char *next_of(const char **list, char value[TEXT])
{
	size_t n;

	if (!*list)
		return NULL;
	n = strcspn(*list, "|");
	(void)snprintf(value, TEXT, "%.*s", (int)n, *list);
	*list = (*list)[n] ? *list + n + 1 : NULL;
	return value;
}

static unsigned failures;

static void expect(const struct attribute *a, const char *value, bool ok,
                   const char *why, const struct transcript *t)
{
	if (ok)
		return;
	failures++;
	print_error("<%s> %s=\"%.80s\" %s: %s\n%s", a->path, a->name,
	            value ? value : "(absent)", why, a->alert ? a->alert : "",
	            t->text);
}

static bool has(const struct transcript *t, const char *part)
{
	return !part || strstr(t->text, part);
}

static void check_good(const struct attribute *a, const struct transcript *none,
                       struct transcript *t)
{
	run(a, a->good, t);
	expect(a, a->good, has(t, a->seen), "has no effect", t);
	expect(a, NULL, !a->seen || !has(none, a->seen), "has the effect",
	       none);
	expect(a, a->good, !a->by_default || !has(t, a->by_default),
	       "is the default", t);
	expect(a, a->good,
	       a->seen || a->by_default || strcmp(t->text, none->text) == 0,
	       "changes something", t);
	expect(a, a->good, !has(t, "!"), "has an alert", t);
}

static void check_bad(const struct attribute *a, const char *value,
                      const struct transcript *none, struct transcript *t)
{
	char in_words[32], in_detail[32];

	(void)snprintf(in_words, sizeof(in_words), "alert%.5s ", a->alert);
	(void)snprintf(in_detail, sizeof(in_detail), "!%s ", a->alert);
	run(a, value, t);
	expect(a, value, has(t, in_words) && has(t, in_detail),
	       "has not its alert", t);
	cut(t, in_words);
	cut(t, in_detail);
	if (a->instead)
		expect(a, value, has(t, a->instead), "is not handled so", t);
	else
		expect(a, value, strcmp(t->text, none->text) == 0,
		       "is not the default", t);
}

static void each_row(void **state)
{
	struct transcript *none = malloc(sizeof(*none));
	struct transcript *t = malloc(sizeof(*t));
	char *value = malloc(TEXT);

	(void)state;
	for (size_t i = 0; i < n_attributes; i++) {
		const struct attribute *a = &attributes[i];
		const char *fine = a->fine, *bad = a->bad;

		run(a, NULL, none);
		expect(a, NULL, has(none, a->by_default), "is no default",
		       none);
		if (a->good)
			check_good(a, none, t);
		while (next_of(&fine, value)) {
			run(a, value, t);
			expect(a, value, !has(t, "!"), "has an alert", t);
		}
		while (next_of(&bad, value))
			check_bad(a, value, none, t);
	}
	assert_int_equal(0, failures);
	free(value);
	free(none);
	free(t);
}

/* ---- is there a row for each attribute? ------------------------------------ */

static bool has_row(const char *path, const struct attr *attr)
{
	for (size_t i = 0; i < n_attributes; i++) {
		const struct attribute *a = &attributes[i];

		if (strcmp(a->path, path) == 0 &&
		    strcmp(a->name, attr->name) == 0)
			return true;
	}
	return false;
}

static size_t missing(const char *path, const struct attr *attrs)
{
	size_t n = 0;

	for (; attrs && attrs->name; attrs++) {
		if (has_row(path, attrs))
			continue;
		print_error("attributes.c has no row for <%s> %s\n", path,
		            attrs->name);
		n++;
	}
	return n;
}

static size_t missing_inside(const char *path, const struct element *children)
{
	char inner[PATH];
	size_t n = 0;

	for (; children && children->name; children++) {
		(void)snprintf(inner, sizeof(inner), "%s/%s", path,
		               children->name);
		n += missing(inner, children->attrs);
		n += missing_inside(inner, children->children);
	}
	return n;
}

static void every_attribute_has_a_row(void **state)
{
	const struct verb *verb;
	char nested[PATH];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; (verb = verb_at(i)) != NULL; i++) {
		n += missing(verb->name, verb->attrs);
		n += missing_inside(verb->name, verb->children);
		(void)snprintf(nested, sizeof(nested), "Gather/%s", verb->name);
		n += missing(nested, verb->nested);
	}
	assert_int_equal(0, n);
}

TEST_MAIN(cmocka_unit_test(every_attribute_has_a_row),
          cmocka_unit_test(each_row))
