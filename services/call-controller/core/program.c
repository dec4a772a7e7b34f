/*
 * program.c - TwiML that runs on one leg: the document, what is fetched next,
 * and what is heard meanwhile
 *
 * Pure.
 */
#include "program.h"

#include <errno.h>
#include <string.h>

#include "child.h"
#include "dial.h"
#include "state.h"
#include "twiml/twiml.h"

void program_close(struct program *p)
{
	interp_close(&p->interp);
	arena_close(&p->fetch.arena);
	arena_close(&p->audio.arena);
}

static bool accepted(const char *type)
{
	static const char *const types[] = {"text/xml", "application/xml",
	                                    "text/html", "text/plain"};

	if (strncmp(type, "audio/", 6) == 0)
		return true;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

static bool fail(struct call *call, struct step *st, uint32_t code,
                 const char *text)
{
	struct arena *a = &st->out->arena;
	struct cmd_alert alert = {
		.code = code,
		.error = true,
		.call_sid = arena_str(a, program_sid(call, st->program)),
		.text = text,
		.url = arena_str(a, st->program->fetch.url
	                                    ? st->program->fetch.url
	                                    : ""),
	};

	call_alert_at(st, &alert);
	return false;
}

/* What is no document is heard (contract 2.5): a document with one verb. The
 * text is escaped, so that it ends where it shall. */
static bool load_one_verb(struct step *st, const char *url, const char *verb,
                          const char *text)
{
	struct arena *a = &st->out->arena;
	size_t room = strlen(text) * 5 + 1, n = 0; /* "&amp;" */
	struct twiml_error error;
	char *escaped = arena_alloc(a, room);
	const char *body;

	for (; escaped && *text; text++) {
		const char one[] = {*text, '\0'};
		const char *s = *text == '&' ? "&amp;" : one;

		if (*text == '<')
			s = "&lt;";
		for (; *s; s++)
			escaped[n++] = *s;
	}
	if (!escaped)
		return false;
	body = arena_printf(a, "<Response><%s>%s</%s></Response>", verb,
	                    escaped, verb);
	return interp_load(&st->program->interp, url, body, strlen(body),
	                   &error) == 0;
}

/* A document, and what it says it is */
struct source {
	const char *url; /* "" = none: the API gave it */
	const char *type;
	const char *body;
	size_t len;
};

static int read_document(struct step *st, const struct source *from,
                         struct twiml_error *error)
{
	const char *url = from->url;
	int err;

	if (strncmp(from->type, "audio/", 6) == 0)
		return load_one_verb(st, url, "Play", url) ? 0 : ENOMEM;
	err = interp_load(&st->program->interp, url, from->body, from->len,
	                  error);
	if (err == EINVAL && error->code == 12100 &&
	    strcmp(from->type, "text/plain") == 0 &&
	    load_one_verb(st, url, "Say",
	                  arena_strn(&st->out->arena, from->body, from->len)))
		err = 0;
	return err;
}

static bool load(struct call *call, struct step *st, const struct source *from,
                 uint32_t *code)
{
	struct program *p = st->program;
	struct twiml_error error = {.code = 0};
	int err = read_document(st, from, &error);

	if (err && !error.code) {
		st->out->failed = true;
		*code = 12400;
		return false;
	}
	if (err) {
		*code = error.code;
		return fail(call, st, error.code,
		            arena_printf(&st->out->arena, "line %u: %s",
		                         error.line, error.text));
	}
	if (interp_loops(&p->interp)) {
		*code = 14106;
		return fail(call, st, 14106,
		            "too many documents without media or waiting");
	}
	return true;
}

bool program_take(struct call *call, struct step *st, uint32_t *code)
{
	const struct event *ev = st->ev;
	struct fetch *fetch = &st->program->fetch;

	*code = 0;
	if ((ev->type != EV_DOCUMENT && ev->type != EV_FETCH_FAILED) ||
	    !fetch->pending || ev->fetch_id != fetch->id)
		return false;
	fetch->pending = false;
	if (ev->type == EV_FETCH_FAILED) {
		*code = ev->error_code ? ev->error_code : 11200;
		return fail(call, st, *code,
		            arena_str(&st->out->arena, ev->text));
	}
	if (!accepted(ev->content_type)) {
		*code = 12300;
		return fail(call, st, *code,
		            arena_printf(&st->out->arena,
		                         "content type \"%.60s\" is not TwiML",
		                         ev->content_type));
	}
	return load(call, st,
	            &(struct source){
			    .url = *ev->url ? ev->url : fetch->url,
			    .type = ev->content_type,
			    .body = ev->body,
			    .len = ev->body_len,
		    },
	            code);
}

/* The document before, and its URL, have nothing to do with it: not with what is
 * wrong with it either. */
bool program_load(struct call *call, struct step *st, const char *twiml,
                  uint32_t *code)
{
	*code = 0;
	interp_close(&st->program->interp);
	st->program->fetch.url = "";
	return load(call, st,
	            &(struct source){
			    .url = "",
			    .type = "text/xml",
			    .body = twiml,
			    .len = strlen(twiml),
		    },
	            code);
}

static size_t used_by(const struct program *p)
{
	return p->audio.bytes + p->audio.listen_bytes;
}

size_t program_room(const struct call *call, const struct program *p)
{
	const struct dial *dial = call->dial;
	size_t used = p == &call->program ? 0 : used_by(&call->program);
	size_t room;

	for (size_t i = 0; dial && i < dial->n_children; i++) {
		const struct program *other = dial->children[i].program;

		if (other && other != p)
			used += used_by(other);
	}
	room = used < AUDIO_BYTES_MAX ? AUDIO_BYTES_MAX - used : 0;
	return room < PROGRAM_BYTES_MAX ? room : PROGRAM_BYTES_MAX;
}

const char *program_sid(const struct call *call, const struct program *p)
{
	return p->child ? p->child->sid : call->facts.sid;
}

bool program_hears(const struct call *call, const struct step *st)
{
	return strcmp(st->ev->sid, program_sid(call, st->program)) == 0;
}

bool program_connected(const struct call *call, const struct program *p)
{
	const struct leg *leg =
		p->child ? call_find_leg(call, p->child->leg) : call->parent;

	return leg && leg->state == LEG_CONFIRMED && leg->media.remote_known;
}

void program_answer(struct call *call, struct step *st)
{
	if (!st->program->child)
		call_answer_parent(call, st);
	interp_waited(&st->program->interp);
}

static unsigned timer_leg(const struct program *p)
{
	return p->child ? p->child->leg : 0;
}

void program_timer_start(struct step *st, uint64_t ms)
{
	struct program *p = st->program;

	step_timer_start(st, TIMER_VERB, timer_leg(p), ms, &p->verb_at);
}

void program_timer_stop(struct step *st)
{
	struct program *p = st->program;

	step_timer_stop(st, TIMER_VERB, timer_leg(p), &p->verb_at);
}

bool program_timer_ran(struct step *st)
{
	struct program *p = st->program;

	if (st->ev->type != EV_TIMER || st->ev->timer != TIMER_VERB ||
	    st->ev->leg != timer_leg(p) || p->verb_at == NEVER)
		return false;
	p->verb_at = NEVER;
	return true;
}

void program_timer_resume(struct step *st)
{
	struct program *p = st->program;

	step_timer_resume(st, TIMER_VERB, timer_leg(p), p->verb_at);
}
