/*
 * check.c - does a tenants file fit together? References, pairs, orders
 *
 * Pure: no I/O, no clock, no log.
 */
#include "check.h"

#include <inttypes.h>
#include <string.h>

#include "store/value.h"
#include "suggest.h"

struct checker {
	const struct model *m;
	struct problems *p;
};

static bool given(const struct object *o, const char *field)
{
	return object_text(o, field)[0] != '\0';
}

static size_t members(const struct object *o, const char *field)
{
	const struct node *n = object_value(o, field)->node;

	return n && n->type == NODE_LIST ? n->n : 0;
}

/* Is there a thing of this kind with this name in the account of @p o? */
static void check_name(const struct checker *c, const struct object *o,
                       const struct field *f, const struct node *name)
{
	const struct object *account = object_account(o);
	struct suggestion s = {0};

	if (name->type != NODE_TEXT || !name->text[0] ||
	    model_find(c->m, o, f->ref, name->text))
		return;
	for (const struct object *i = c->m->first; i; i = i->next)
		if (i->id == f->ref && object_account(i) == account)
			suggest_try(&s, name->text, object_name(i));
	if (s.word)
		problems_error(c->p, name->line,
		               "%s: this account has no %s \"%.60s\"; did you "
		               "mean \"%s\"?",
		               f->name, kind_of(f->ref)->word, name->text,
		               s.word);
	else
		problems_error(
			c->p, name->line,
			"%s: this account has no %s \"%.60s\"; add it, or "
			"remove the name here",
			f->name, kind_of(f->ref)->word, name->text);
}

static void check_references(const struct checker *c, const struct object *o)
{
	const struct field *f = o->kind->fields;

	for (int i = 0; f[i].name; i++) {
		const struct node *n = o->v[i].node;

		if (!n)
			continue;
		if (f[i].type == FIELD_REF)
			check_name(c, o, &f[i], n);
		if (f[i].type == FIELD_NAMES && n->type == NODE_LIST)
			for (size_t j = 0; j < n->n; j++)
				check_name(c, o, &f[i], n->values[j]);
	}
}

static void check_voice(const struct checker *c, const struct object *o)
{
	if (given(o, "voice_url") && given(o, "voice_bin"))
		problems_error(
			c->p, object_value(o, "voice_bin")->line,
			"voice_bin and voice_url are both given; keep one");
	if (!given(o, "voice_url") && !given(o, "voice_bin"))
		problems_warn(c->p, o->line,
		              "%s \"%s\" has no voice_url, so its calls fail; "
		              "give it a voice_url or a voice_bin",
		              o->kind->word, object_name(o));
}

static void check_expires(const struct checker *c, const struct object *o)
{
	uint32_t min, init, max;

	if (!value_uint(object_text(o, "expires_min"), 0, UINT32_MAX, &min) ||
	    !value_uint(object_text(o, "expires_default"), 0, UINT32_MAX,
	                &init) ||
	    !value_uint(object_text(o, "expires_max"), 0, UINT32_MAX, &max))
		return; /* was said already */
	if (min > init || init > max)
		problems_error(
			c->p, o->line,
			"expires_min %" PRIu32 ", expires_default %" PRIu32
			" and expires_max %" PRIu32
			" are out of order; let each be at least the one "
			"before",
			min, init, max);
}

static void check_domain(const struct checker *c, const struct object *o)
{
	const char *name = object_name(o);
	const char *caller_id = object_text(o, "default_caller_id");

	check_voice(c, o);
	check_expires(c, o);
	if (!members(o, "call_credential_lists") &&
	    !members(o, "call_access_lists"))
		problems_warn(c->p, o->line,
		              "SIP domain \"%s\" accepts no call; map "
		              "call_credential_lists or call_access_lists",
		              name);
	if (!members(o, "registration_credential_lists") &&
	    strcmp(object_text(o, "sip_registration"), "true") == 0)
		problems_warn(c->p, o->line,
		              "SIP domain \"%s\" accepts no registration; map "
		              "registration_credential_lists, or set "
		              "sip_registration: false",
		              name);
	if (caller_id[0] && !model_find(c->m, o, KIND_NUMBER, caller_id))
		problems_error(c->p, object_value(o, "default_caller_id")->line,
		               "default_caller_id \"%s\" is no number of this "
		               "file; add it to numbers",
		               caller_id);
}

static void check_pair(const struct checker *c, const struct object *o)
{
	if (given(o, "username") != given(o, "password"))
		problems_error(c->p, o->line,
		               "a %s has a username or a password without the "
		               "other; give both or none",
		               o->kind->word);
}

static bool has_source(const struct object *carrier, const char *source)
{
	const struct node *n = object_value(carrier, "sources")->node;

	for (size_t i = 0; i < members(carrier, "sources"); i++) {
		if (n->values[i]->type == NODE_TEXT &&
		    value_same_cidr(n->values[i]->text, source))
			return true;
	}
	return false;
}

/* A call from there could be of either. */
static void check_source(const struct checker *c, const struct object *o,
                         const struct node *source)
{
	for (const struct object *i = c->m->first; i && i != o; i = i->next) {
		if (i->id != KIND_CARRIER || !has_source(i, source->text))
			continue;
		problems_error(c->p, source->line,
		               "carrier \"%s\" has the source %s too; give it "
		               "to one of them",
		               object_name(i), source->text);
		return;
	}
}

static void check_sources(const struct checker *c, const struct object *o)
{
	const struct node *sources = object_value(o, "sources")->node;

	for (size_t i = 0; i < members(o, "sources"); i++) {
		if (sources->values[i]->type == NODE_TEXT)
			check_source(c, o, sources->values[i]);
	}
}

static void check_carrier(const struct checker *c, const struct object *o)
{
	check_pair(c, o);
	check_sources(c, o);
	if (!members(o, "sources") && !given(o, "username") &&
	    !members(o, "targets"))
		problems_error(c->p, o->line,
		               "carrier \"%s\" can neither deliver nor take a "
		               "call; give it sources or targets",
		               object_name(o));
}

static void check_object(const struct checker *c, const struct object *o)
{
	check_references(c, o);
	switch (o->id) {
	case KIND_DOMAIN: check_domain(c, o); return;
	case KIND_NUMBER: check_voice(c, o); return;
	case KIND_CARRIER: check_carrier(c, o); return;
	case KIND_TARGET: check_pair(c, o); return;
	case KIND_ACCOUNT:
	case KIND_CREDENTIAL_LIST:
	case KIND_USER:
	case KIND_ACCESS_LIST:
	case KIND_BIN:
	case KIND_CALLER_ID:
	case KIND_RATES:
	case KIND_RATE:
	case KIND_MAX: return;
	}
}

void check_model(const struct model *m, struct problems *p)
{
	struct checker c = {m, p};

	for (const struct object *o = m->first; o; o = o->next)
		check_object(&c, o);
}
