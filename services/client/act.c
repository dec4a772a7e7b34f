/*
 * act.c - a noun and a verb: asks the API, prints what it says
 */
#include "act.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/api.h"
#include "base/form.h"
#include "base/strbuf.h"
#include "core/option.h"
#include "core/readable.h"
#include "core/table.h"
#include "find.h"

/* Parameters that are sids of another noun, which people name otherwise */
static const struct {
	const char *param, *noun;
} references[] = {
	{"CredentialListSid", "lists"},
	{"IpAccessControlListSid", "access-lists"},
	{"VoiceApplicationSid", "applications"},
};

/* --- output --------------------------------------------------------------------- */

static void print_json(const json_t *json)
{
	(void)json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	(void)fputc('\n', stdout);
}

static void print(const struct line *line, json_t *json, const char *columns)
{
	struct strbuf b = {0};

	if (line->json) {
		print_json(json);
		return;
	}
	readable(json);
	if (json_is_array(json))
		table_rows(&b, json, columns);
	else
		table_one(&b, json);
	(void)fputs(strbuf_str(&b), stdout);
	strbuf_close(&b);
}

/* --- verbs ---------------------------------------------------------------------- */

/* What a line is about: where its words begin that are neither noun, verb nor
 * parent */
struct about {
	struct api *api;
	const struct noun *noun;
	const struct line *line;
	struct strbuf *form;
	char *parent; /* sid; owned */
	size_t at;    /* in the words */
};

static const char *word(const struct about *t, size_t n)
{
	return t->at + n < t->line->n ? t->line->words[t->at + n] : NULL;
}

static int list(struct about *t)
{
	struct strbuf path = {0};
	json_t *rows;

	find_path(&path, t->api, t->noun, t->parent, NULL);
	strbuf_addf(&path, "?%s%sPageSize=%d", strbuf_str(t->form),
	            t->form->len ? "&" : "", t->line->all ? 1000 : 100);
	rows = find_rows(t->api, strbuf_str(&path), t->noun->key,
	                 t->line->all ? SIZE_MAX : ACT_LIST_MAX);
	strbuf_close(&path);
	if (rows)
		print(t->line, rows, t->noun->columns);
	json_decref(rows);
	return rows ? 0 : 1;
}

/* Ask for one and print what comes. */
static int ask_one(struct about *t, const char *method, const char *sid,
                   const char *form)
{
	struct strbuf path = {0};
	json_t *json;
	long status;

	find_path(&path, t->api, t->noun, t->parent, sid);
	status = api_ask(t->api, method, strbuf_str(&path), form, &json);
	strbuf_close(&path);
	if (status < 200 || status > 299) {
		json_decref(json);
		return find_problem(api_problem(t->api));
	}
	if (json)
		print(t->line, json, NULL);
	json_decref(json);
	return 0;
}

/* A call is shown with its legs. */
static int show_legs(struct about *t, const char *sid)
{
	struct strbuf path = {0};
	json_t *rows;

	find_path(&path, t->api, t->noun, NULL, NULL);
	strbuf_addf(&path, "?ParentCallSid=%s", sid);
	rows = find_rows(t->api, strbuf_str(&path), t->noun->key, ACT_LIST_MAX);
	strbuf_close(&path);
	if (json_array_size(rows) > 0) {
		(void)fputs("\nits child calls\n", stdout);
		print(t->line, rows, t->noun->columns);
	}
	json_decref(rows);
	return rows ? 0 : 1;
}

static int with_one(struct about *t, const char *method, const char *form)
{
	const char *name = word(t, 0);
	char *sid = NULL;
	int failed;

	if (t->noun->single)
		return ask_one(t, method, NULL, form);
	if (name)
		sid = find_sid(t->api, t->noun, t->parent, name);
	if (!name)
		return find_problem("say which one"), 2;
	if (!sid)
		return 1;
	failed = ask_one(t, method, sid, form);
	if (!failed && strcmp(method, "GET") == 0 && !t->line->json &&
	    strcmp(t->noun->key, "calls") == 0)
		failed = show_legs(t, sid);
	free(sid);
	return failed;
}

/* A parameter by its place; a name stands for a sid where one is wanted. */
static int add_param(struct about *t, const char *param, const char *value)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]);
	     i++) {
		char *sid;

		if (strcmp(references[i].param, param) != 0)
			continue;
		sid = find_sid(t->api, noun_find(references[i].noun), NULL,
		               value);
		if (!sid)
			return 1;
		form_add(t->form, param, sid);
		free(sid);
		return 0;
	}
	form_add(t->form, param, value);
	return 0;
}

static int add(struct about *t)
{
	for (size_t i = 0; i < NOUN_ADD_MAX && word(t, i); i++) {
		if (!t->noun->add[i])
			return find_problem("there are too many words"), 2;
		if (add_param(t, t->noun->add[i], word(t, i)))
			return 1;
	}
	return ask_one(t, "POST", NULL, strbuf_str(t->form));
}

static bool says(const json_t *row, const char *member, const char *word)
{
	const char *text = json_string_value(json_object_get(row, member));

	return text && strcmp(text, word) == 0;
}

/* All that are called so, each by its own path */
static int remove_named(struct about *t)
{
	const char *name = word(t, 0);
	struct strbuf path = {0};
	size_t n = 0;
	json_t *rows;

	if (!name)
		return find_problem("say which one"), 2;
	find_path(&path, t->api, t->noun, NULL, NULL);
	rows = find_rows(t->api, strbuf_str(&path), t->noun->key,
	                 FIND_LOOKUP_MAX);
	strbuf_close(&path);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		json_t *json = NULL;
		long status = 0;

		if (!says(row, t->noun->label, name) && !says(row, "sid", name))
			continue;
		status = api_ask(t->api, "DELETE",
		                 json_string_value(json_object_get(row, "uri")),
		                 NULL, &json);
		json_decref(json);
		if (status != 204)
			break;
		n++;
	}
	if (rows && n == 0)
		(void)fprintf(
			stderr,
			"trestle: nothing of \"%s\" was removed from the %s\n",
			name, t->noun->name);
	json_decref(rows);
	return n ? 0 : 1;
}

static int run(struct about *t, enum verb verb)
{
	switch (verb) {
	case VERB_LIST: return list(t);
	case VERB_SHOW: return with_one(t, "GET", NULL);
	case VERB_ADD: return add(t);
	case VERB_SET: return with_one(t, "POST", strbuf_str(t->form));
	case VERB_REMOVE:
		return t->noun->by_uri ? remove_named(t)
		                       : with_one(t, "DELETE", NULL);
	case VERB_COUNT: break;
	}
	return 2;
}

static int find_parent(struct about *t)
{
	const struct noun *parent = noun_find(t->noun->parent);
	const char *name = word(t, 0);

	if (!name && t->noun->single)
		name = api_account(t->api);
	if (!name) {
		(void)fprintf(stderr, "trestle: say of which of the %s\n",
		              parent->name);
		return 2;
	}
	t->parent = find_sid(t->api, parent, NULL, name);
	t->at++;
	return t->parent ? 0 : 1;
}

bool act_options(const struct options *known, const struct line *line,
                 const struct strbuf *form)
{
	struct strbuf problem = {0};
	bool well = options_check(known, strbuf_str(form), form->len, &problem);

	if (!well)
		(void)fprintf(stderr, "trestle: %s: %s\n", line->words[0],
		              strbuf_str(&problem));
	strbuf_close(&problem);
	return well;
}

/* `trestle call CA…` shows it, `trestle calls` lists them. */
int act(struct api *a, const struct noun *noun, const struct line *line,
        struct strbuf *form)
{
	struct about t = {
		.api = a, .noun = noun, .line = line, .form = form, .at = 1};
	enum verb verb = noun->single ? VERB_SHOW : VERB_LIST;
	struct options known;
	int failed = 0;

	if (line->n > 1) {
		verb = verb_find(line->words[1]);
		t.at += verb != VERB_COUNT;
		if (verb == VERB_COUNT)
			verb = noun->parent && !noun->single ? VERB_LIST
			                                     : VERB_SHOW;
	}
	if (!(noun->verbs & (1U << verb))) {
		(void)fprintf(stderr, "trestle: %s can not %s\n", noun->name,
		              verb_name(verb));
		return 2;
	}
	if (!act_options(noun_options(noun, verb, &known), line, form))
		return 2;
	if (noun->parent)
		failed = find_parent(&t);
	if (!failed)
		failed = run(&t, verb);
	free(t.parent);
	return failed;
}

int act_hangup(struct api *a, const struct line *line, struct strbuf *form)
{
	struct about t = {.api = a,
	                  .noun = noun_find("calls"),
	                  .line = line,
	                  .form = form,
	                  .at = 1};

	return with_one(&t, "POST", "Status=completed");
}
