/*
 * hear.c - what callers say, from the bus to text
 *
 * With an embedded engine a helper hears the audio as it comes. With an HTTP
 * engine it is gathered, and sent when it has ended.
 */
#include "hear.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/recognisers.h"
#include "app.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "listen.h"
#include "loop/loop.h"

struct hearing {
	struct hash_entry entry;
	LIST_ENTRY(hearing) link;
	struct app *app;
	char id[HEAR_ID_SIZE];
	char call_sid[36];
	char language[SSML_LANGUAGE_SIZE];
	uint32_t rate;
	uint32_t next; /* sequence that is expected */
	bool decide_end;
	bool over;                     /* its last reply was or will be sent */
	struct recogniser *recogniser; /* NULL = HTTP engine, or no more */
	struct strbuf gathered;        /* HTTP engine: the audio */
	struct strbuf hints;
	struct bus_return waiting[HEAR_OPEN_MAX]; /* the oldest first */
	size_t n_waiting;
	bool listening; /* listen.c has it */
	uint64_t heard; /* bytes of audio */
	uint64_t asked_at;
};

static void hearing_free(struct hearing *h)
{
	if (h->recogniser)
		recogniser_drop(h->recogniser);
	hash_remove(&h->app->hearings_by_id, &h->entry);
	LIST_REMOVE(h, link);
	h->app->n_hearing--;
	strbuf_close(&h->gathered);
	strbuf_close(&h->hints);
	free(h);
}

/* --- replies --------------------------------------------------------------- */

static void reply(struct hearing *h, Trestle__HearReply *r)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	if (!h->n_waiting)
		return;
	env.body_case = TRESTLE__ENVELOPE__BODY_HEAR_REPLY;
	env.hear_reply = r;
	bus_reply(h->app->bus, &h->waiting[0], &env);
	memmove(h->waiting, h->waiting + 1,
	        --h->n_waiting * sizeof(h->waiting[0]));
}

static char *borrowed(const char *s)
{
	return (char *)(uintptr_t)s;
}

static void reply_text(struct hearing *h, const char *text,
                       uint32_t confidence_x1000, bool final)
{
	Trestle__HearReply r = TRESTLE__HEAR_REPLY__INIT;

	r.text = borrowed(text);
	r.confidence_x1000 = confidence_x1000;
	r.final = final;
	reply(h, &r);
}

/* All that wait are told; it is over. */
static void reply_error(struct hearing *h, unsigned code, const char *text)
{
	const struct log log = {h->app->log, "call_sid", h->call_sid};
	Trestle__HearReply r = TRESTLE__HEAR_REPLY__INIT;

	log_warn(&log, "nothing is heard: error %u, %s", code, text);
	metric_add(h->app->hear_failed, 1);
	r.error_code = code;
	r.error_text = borrowed(text);
	r.final = true;
	while (h->n_waiting)
		reply(h, &r);
	hearing_free(h);
}

/* What was said is the caller's own: it is logged for debugging only. */
static void finish(struct hearing *h, const char *text,
                   uint32_t confidence_x1000)
{
	const struct log log = {h->app->log, "call_sid", h->call_sid};

	log_info(&log, "heard %zu characters, confidence %u", strlen(text),
	         confidence_x1000);
	log_debug(&log, "heard: %s", text);
	metric_add(h->app->hear_well, 1);
	/* Pieces that came after the end was decided have nothing new. */
	while (h->n_waiting)
		reply_text(h, text, confidence_x1000, true);
	hearing_free(h);
}

/* --- by a helper ----------------------------------------------------------- */

static void end_utterance(struct hearing *h)
{
	h->over = true;
	if (recogniser_end(h->recogniser))
		reply_error(h, APP_INTERNAL_ERROR,
		            "the recogniser can not follow");
}

static void on_heard(void *arg, int err, const struct frame_text *head,
                     const char *text)
{
	struct hearing *h = arg;

	if (err || head->ended == FRAME_LAST)
		h->recogniser = NULL;
	if (err) {
		reply_error(h, APP_INTERNAL_ERROR, "the recogniser failed");
	} else if (head->ended == FRAME_LAST) {
		finish(h, text, head->confidence_x1000);
	} else if (h->over) {
		/* The newest waits for the answer to the end. */
		if (h->n_waiting > 1)
			reply_text(h, text, 0, false);
	} else if (head->ended && h->decide_end) {
		end_utterance(h);
	} else {
		reply_text(h, text, 0, false);
	}
}

static void put(struct hearing *h, const ProtobufCBinaryData *pcm, bool last)
{
	if (h->over)
		return;
	if (pcm->len && recogniser_put(h->recogniser, pcm->data, pcm->len)) {
		reply_error(h, APP_INTERNAL_ERROR,
		            "the recogniser can not follow");
		return;
	}
	if (last)
		end_utterance(h);
	else if (!pcm->len)
		reply_text(h, "", 0, false);
}

/* --- by the HTTP engine ---------------------------------------------------- */

static void on_listened(void *arg, unsigned code, const char *text,
                        uint32_t confidence_x1000)
{
	struct hearing *h = arg;

	h->listening = false;
	if (code)
		reply_error(h, code, text);
	else
		finish(h, text, confidence_x1000);
}

static void gather(struct hearing *h, const ProtobufCBinaryData *pcm, bool last)
{
	struct listen_job job = {.rate = h->rate, .language = h->language};

	if (h->over)
		return;
	strbuf_addn(&h->gathered, (const char *)pcm->data, pcm->len);
	if (h->gathered.failed) {
		reply_error(h, APP_INTERNAL_ERROR, "memory ran out");
		return;
	}
	if (!last) {
		reply_text(h, "", 0, false);
		return;
	}
	h->over = true;
	h->listening = true;
	job.pcm = strbuf_str(&h->gathered);
	job.n = h->gathered.len;
	job.hints = strbuf_str(&h->hints);
	if (listen_begin(h->app, &job, on_listened, h)) {
		h->listening = false;
		reply_error(h, APP_INTERNAL_ERROR, "memory ran out");
	}
}

/* --- requests -------------------------------------------------------------- */

static void copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

static struct hearing *hearing_alloc(struct app *app,
                                     const Trestle__HearRequest *r,
                                     const char *call_sid)
{
	struct hearing *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->app = app;
	h->rate = r->rate;
	h->decide_end = r->decide_end;
	copy(h->id, sizeof(h->id), r->id);
	copy(h->call_sid, sizeof(h->call_sid), call_sid);
	copy(h->language, sizeof(h->language), r->language);
	for (size_t i = 0; i < r->n_hints; i++) {
		if (!strchr(r->hints[i], '\n'))
			strbuf_addf(&h->hints, "%s\n", r->hints[i]);
	}
	hash_add(&app->hearings_by_id, &h->entry, h->id);
	LIST_INSERT_HEAD(&app->hearings, h, link);
	app->n_hearing++;
	return h;
}

/* @return false: it was answered and is gone */
static bool begin(struct hearing *h, bool partial)
{
	const struct frame_hear hear = {.rate = h->rate, .partial = partial};

	if (h->app->text_http)
		return true;
	if (!listen_speaks(h->language)) {
		reply_error(h, HEAR_BAD_LANGUAGE,
		            "this language can not be recognised");
		return false;
	}
	h->recogniser = recogniser_take(h->app->recognisers, &hear,
	                                strbuf_str(&h->hints), on_heard, h);
	if (h->recogniser)
		return true;
	reply_error(h, APP_INTERNAL_ERROR, "all recognisers are in use");
	return false;
}

static bool is_valid(const Trestle__HearRequest *r)
{
	return *r->id && strlen(r->id) < HEAR_ID_SIZE &&
	       (r->rate == 8000 || r->rate == 16000) && r->pcm.len % 2 == 0 &&
	       r->pcm.len <= HEAR_PIECE_MAX;
}

static struct hearing *find(struct app *app, const char *id)
{
	struct hash_entry *e = hash_find(&app->hearings_by_id, id);

	return e ? hash_object(e, struct hearing, entry) : NULL;
}

static void refuse(struct app *app, const struct bus_return *from,
                   Trestle__Refusal__Reason reason, const char *text)
{
	bus_refuse(app->bus, from, reason, text);
}

static void take(struct hearing *h, const struct bus_return *from,
                 const Trestle__HearRequest *r)
{
	uint64_t most = (uint64_t)HEAR_SECONDS_MAX * h->rate * 2;
	bool last = r->last;

	h->waiting[h->n_waiting++] = *from;
	h->asked_at = loop_now_ms();
	if (r->sequence == 0 && !begin(h, r->partial))
		return;
	h->next = r->sequence + 1;
	h->heard += r->pcm.len;
	last = last || h->heard >= most;
	if (h->app->text_http)
		gather(h, &r->pcm, last);
	else
		put(h, &r->pcm, last);
}

/* The relay begins anew, under the same name: what was before is forgotten. */
static struct hearing *forget(struct hearing *h)
{
	if (h->listening)
		return h;
	while (h->n_waiting)
		refuse(h->app, &h->waiting[--h->n_waiting],
		       TRESTLE__REFUSAL__REASON__NOT_FOUND,
		       "the utterance was begun anew");
	hearing_free(h);
	return NULL;
}

void hear_on_request(struct app *app, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	const Trestle__HearRequest *r = env->hear_request;
	struct hearing *h = is_valid(r) ? find(app, r->id) : NULL;

	if (!is_valid(r)) {
		refuse(app, from, TRESTLE__REFUSAL__REASON__INVALID,
		       "a field of the request is out of range");
		return;
	}
	if (h && r->sequence == 0)
		h = forget(h);
	if (!h && r->sequence == 0 && app->n_hearing < app->hearing_max)
		h = hearing_alloc(app, r, env->call_sid);
	else if (h && (r->sequence != h->next || h->n_waiting == HEAR_OPEN_MAX))
		h = NULL;
	else if (!h && r->sequence == 0) {
		refuse(app, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		       "all recognisers are in use");
		return;
	}
	if (h)
		take(h, from, r);
	else
		refuse(app, from, TRESTLE__REFUSAL__REASON__NOT_FOUND,
		       "what came before is not here: begin anew");
}

void hear_sweep(struct app *app)
{
	uint64_t now = loop_now_ms();
	struct hearing *h, *next;

	for (h = LIST_FIRST(&app->hearings); h; h = next) {
		next = LIST_NEXT(h, link);
		if (!h->listening && !h->n_waiting &&
		    now - h->asked_at >= HEAR_SILENCE_MS)
			hearing_free(h);
	}
}

void hear_close(struct app *app)
{
	struct hearing *h, *next;

	for (h = LIST_FIRST(&app->hearings); h; h = next) {
		next = LIST_NEXT(h, link);
		hearing_free(h);
	}
}
