/*
 * interp.c - runs a document verb by verb; knows no verb by name
 *
 * Pure.
 */
#include "interp.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "twiml.h"

int interp_load(struct interp *in, const char *url, const char *body,
                size_t len, struct twiml_error *error)
{
	struct interp next = {.in_a_row = in->in_a_row};
	int err = twiml_alloc(&next.doc, body, len, error);

	if (err)
		return err;
	err = ENOMEM;
	next.url = strdup(url);
	next.body = malloc(len + 1);
	if (!next.url || !next.body)
		goto out;
	memcpy(next.body, body, len);
	next.body[len] = '\0';
	next.body_len = len;
	next.node = twiml_root(next.doc)->children;
	interp_close(in);
	*in = next;
	err = 0;
out:
	if (err)
		interp_close(&next);
	return err;
}

void interp_close(struct interp *in)
{
	twiml_free(in->doc);
	free(in->body);
	free(in->url);
	in->doc = NULL;
	in->body = NULL;
	in->url = NULL;
	in->node = NULL;
	in->verb = NULL;
	in->position = 0;
}

bool interp_loops(struct interp *in)
{
	return ++in->in_a_row > DOCUMENTS_MAX;
}

void interp_waited(struct interp *in)
{
	in->in_a_row = 0;
}

static bool listed(const struct element *elements, const char *name)
{
	for (; elements && elements->name; elements++) {
		if (strcmp(elements->name, name) == 0)
			return true;
	}
	return false;
}

static void check_children(struct interp *in, struct call *call,
                           struct step *st)
{
	const struct twiml_node *child = in->node->children;

	for (; child && !in->verb->own_children; child = child->next) {
		if (!listed(in->verb->children, child->name))
			verb_warn(call, st,
			          in->verb->child_code ? in->verb->child_code
			                               : 12200,
			          child, "not supported inside <%s>: skipped",
			          in->node->name);
	}
}

/* What screens a call can not make or record one. */
static void refuse_on_callee(struct interp *in, struct call *call,
                             struct step *st)
{
	bool dial = strcmp(in->verb->name, "Dial") == 0;

	verb_alert(call, st, dial ? 13201 : 12200, dial,
	           arena_printf(&st->out->arena,
	                        "line %u, <%s>: not before the bridge: skipped",
	                        in->node->line, in->node->name));
	in->verb = NULL;
}

static enum verb_result start(struct interp *in, struct call *call,
                              struct step *st)
{
	in->verb = verb_find(in->node->name);
	if (!in->verb) {
		verb_warn(call, st, 12200, in->node,
		          "this verb is not supported: skipped");
		return VERB_NEXT;
	}
	if (st->program->child && !in->verb->callee) {
		refuse_on_callee(in, call, st);
		return VERB_NEXT;
	}
	assert(in->verb->state_size <= VERB_STATE_SIZE);
	memset(in->state, 0, in->verb->state_size);
	verb_attributes(in->verb->attrs, in->state, in->node, call, st);
	check_children(in, call, st);
	return in->verb->start(in->state, in->node, call, st);
}

/* The rest of the document, after a verb has returned @p result. */
static enum verb_result go_on(struct interp *in, enum verb_result result,
                              struct call *call, struct step *st)
{
	while (result == VERB_NEXT) {
		in->verb = NULL;
		in->node = in->node->next;
		in->position++;
		if (!in->node)
			return VERB_NEXT;
		result = start(in, call, st);
	}
	if (result != VERB_WAIT)
		in->verb = NULL;
	return result;
}

enum verb_result interp_run(struct interp *in, struct call *call,
                            struct step *st)
{
	if (!in->node)
		return VERB_NEXT;
	return go_on(in, start(in, call, st), call, st);
}

enum verb_result interp_step(struct interp *in, struct call *call,
                             struct step *st)
{
	if (!in->verb)
		return VERB_WAIT;
	return go_on(in, in->verb->step(in->state, call, st), call, st);
}

void interp_stop(struct interp *in, struct call *call, struct step *st)
{
	const struct verb *verb = in->verb;

	in->verb = NULL;
	if (verb && verb->stop)
		verb->stop(in->state, call, st);
}

bool interp_seek(struct interp *in, unsigned n, struct call *call,
                 struct step *st)
{
	in->node = twiml_root(in->doc)->children;
	for (in->position = 0; in->node && in->position < n; in->position++)
		in->node = in->node->next;
	in->verb = in->node ? verb_find(in->node->name) : NULL;
	if (!in->verb)
		return false;
	memset(in->state, 0, in->verb->state_size);
	verb_attributes(in->verb->attrs, in->state, in->node, call, st);
	return true;
}

void interp_restore(struct interp *in, struct call *call, struct step *st)
{
	if (in->verb->restore)
		in->verb->restore(in->state, in->node, call, st);
}
