/*
 * app_recordings.c - recordings: from SessionPut to a file with a name
 */
#include "app_recordings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/outbox.h"
#include "adapters/recordings.h"
#include "adapters/removals.h"
#include "adapters/store.h"
#include "adapters/writer.h"
#include "base/service.h"
#include "loop/loop.h"

/* A recording whose file is open or being opened, by its sid */
struct in_hand {
	struct hash_entry hash;
	struct app_session *session; /* borrowed */
	char sid[SESSION_ID_SIZE];
};

static struct in_hand *find(const struct app *app, const char *sid)
{
	struct hash_entry *h = hash_find(&app->recordings, sid);

	return h ? hash_object(h, struct in_hand, hash) : NULL;
}

static void let_go(struct app *app, struct in_hand *hand)
{
	hash_remove(&app->recordings, &hand->hash);
	free(hand);
}

/* --- what is told -------------------------------------------------------------------- */

static void tell_begun(struct app_session *as, struct session_recording *r,
                       uint64_t at_ms)
{
	struct session_event *ev;

	r->started = true;
	r->start_ms = at_ms;
	ev = session_note(as->state, SESSION_RECORDS, r->spec.leg);
	memcpy(ev->id, r->spec.sid, sizeof(ev->id));
	recordings_write(as->app, r);
	log_info(&as->log_session, "recording %s", r->spec.sid);
}

static const char *reason(int err)
{
	switch (err) {
	case 0: return "";
	case ENOSPC: return "the disk of the recordings is full";
	case EDQUOT: return "the recordings' folder has reached its limit";
	case ENOBUFS: return "the disk of the recordings is too slow";
	default: return strerror(err);
	}
}

static void tell_ended(struct app_session *as, struct session_recording *r,
                       enum recorder_end why, int err)
{
	struct session_event *ev;

	r->ended = true;
	r->end_ms = loop_wall_ms();
	r->error = why == RECORDER_FAILED ? APP_ERROR_RECORDING : 0;
	if (!r->started && r->samples > 0)
		tell_begun(as, r, r->end_ms - session_recording_ms(r));
	ev = session_note(as->state, SESSION_RECORDED, r->spec.leg);
	memcpy(ev->id, r->spec.sid, sizeof(ev->id));
	ev->ended_by = why;
	ev->length_ms = session_recording_ms(r);
	ev->error = r->error;
	(void)snprintf(ev->why, sizeof(ev->why), "%s", reason(err));
	recordings_write(as->app, r);
	store_write(as);
	outbox_send(as);
	log_info(&as->log_session, "recorded %s: %u ms%s%s", r->spec.sid,
	         ev->length_ms, err ? ", then " : "", reason(err));
}

void app_recordings_begun(struct app_session *as, uint32_t file)
{
	for (size_t i = 0; i < as->state->n_recordings; i++) {
		struct session_recording *r = as->state->recordings[i];

		if (r->file != file || r->started || r->ended)
			continue;
		tell_begun(as, r, loop_wall_ms());
		store_write(as);
		outbox_send(as);
	}
}

/* --- to the plane ---------------------------------------------------------------------- */

/* @param fresh its file was opened now; NULL = none */
static int send_list(struct app_session *as,
                     const struct session_recording *fresh, uint64_t from)
{
	struct plane_recording list[SESSION_RECORDINGS_MAX];
	const struct session *s = as->state;
	size_t n = 0;

	for (size_t i = 0; i < s->n_recordings; i++) {
		const struct session_recording *r = s->recordings[i];
		const struct session_leg *leg = session_find(s, r->spec.leg);

		if (!r->open || !r->wanted || r->ended)
			continue;
		list[n++] = (struct plane_recording){
			.file = r->file,
			.leg = leg ? leg->id : 0,
			.spec = r->spec.how,
			.fresh = r == fresh,
			.beep = r->spec.beep && from == 0,
			.from = from,
		};
	}
	return plane_record(as->app->plane, as->plane, list, n);
}

static void start(struct app_session *as, struct session_recording *r,
                  uint64_t from)
{
	int err = ECANCELED;

	r->open = true;
	if (r->wanted && as->plane && !as->releasing)
		err = send_list(as, r, from);
	if (err)
		writer_close(as->app->writer, r->file, from,
		             err == ECANCELED ? RECORDER_STOPPED
		                              : RECORDER_FAILED,
		             err == ECANCELED ? 0 : err);
}

/* --- from the writer ------------------------------------------------------------------- */

static void on_writer(void *arg, const struct writer_event *ev)
{
	struct app *app = arg;
	struct in_hand *hand = find(app, ev->sid);
	struct app_session *as = hand ? hand->session : NULL;
	struct session_recording *r =
		as ? session_recording(as->state, ev->sid) : NULL;

	switch (ev->type) {
	case WRITER_OPENED:
		if (r)
			start(as, r, ev->samples);
		else
			writer_close(app->writer, ev->file, ev->samples,
			             RECORDER_STOPPED, 0);
		break;
	case WRITER_FINISHED:
		if (hand)
			let_go(app, hand);
		if (!r)
			break;
		r->samples = ev->samples;
		r->bytes = ev->bytes;
		tell_ended(as, r, ev->why, ev->error);
		break;
	case WRITER_FOUND:
		log_warn(app->log, "%s was left by a call that is gone",
		         ev->sid);
		recordings_found(app, ev);
		break;
	case WRITER_REMOVED: removals_done(app, ev); break;
	}
}

/* --- from the controller --------------------------------------------------------------- */

const char *app_recordings_problem(const struct app_put *put)
{
	for (size_t i = 0; i < put->n_recordings; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(put->recordings[i].sid,
			           put->recordings[k].sid) == 0)
				return "a recording stands twice";
		}
	}
	return NULL;
}

static int take_in_hand(struct app_session *as,
                        const struct session_recording *r)
{
	struct in_hand *hand = calloc(1, sizeof(*hand));

	if (!hand)
		return ENOMEM;
	hand->session = as;
	memcpy(hand->sid, r->spec.sid, sizeof(hand->sid));
	hash_add(&as->app->recordings, &hand->hash, hand->sid);
	return 0; // NOLINT(clang-analyzer-unix.Malloc): the table has it
}

static void open_file(struct app_session *as, struct session_recording *r)
{
	struct app *app = as->app;
	int err = take_in_hand(as, r);

	r->file = ++app->last_file;
	if (!err)
		err = writer_open(app->writer, r->file, r->spec.sid,
		                  recorder_channels(&r->spec.how));
	if (!err)
		return;
	if (find(app, r->spec.sid))
		let_go(app, find(app, r->spec.sid));
	tell_ended(as, r, RECORDER_FAILED, err);
}

static void add(struct app_session *as, const struct recording_spec *spec)
{
	struct session_recording *r = NULL;

	/* its sid is in use elsewhere: a mistake of the controller */
	if (!find(as->app, spec->sid))
		r = session_add_recording(as->state, spec);
	if (!r) {
		log_error(&as->log_session,
		          "%s can not be recorded: more than "
		          "%d at once, or known already",
		          spec->sid, SESSION_RECORDINGS_MAX);
		return;
	}
	r->wanted = true;
	open_file(as, r);
}

/* What has ended and is not named any more will never be named again. */
static void drop_ended(struct app_session *as)
{
	struct session *s = as->state;

	for (size_t i = s->n_recordings; i-- > 0;) {
		struct session_recording *r = s->recordings[i];

		if (r->wanted || !r->ended || !r->saved)
			continue;
		recordings_cancel(as->app, r);
		store_forget_recording(as, r->spec.sid);
		session_drop_recording(s, r->spec.sid);
	}
}

/* @return did it change? */
static bool take_pause(struct session_recording *r,
                       const struct recorder_spec *how)
{
	bool changed = r->spec.how.paused != how->paused;

	r->spec.how.paused = how->paused;
	r->spec.how.pause_skips = how->pause_skips;
	return changed;
}

void app_recordings_put(struct app_session *as, const struct app_put *put)
{
	struct session *s = as->state;

	if (s->n_recordings == 0 && put->n_recordings == 0)
		return;
	for (size_t i = 0; i < s->n_recordings; i++)
		s->recordings[i]->wanted = false;
	for (size_t i = 0; i < put->n_recordings; i++) {
		struct session_recording *r =
			session_recording(s, put->recordings[i].sid);

		if (!r)
			continue;
		r->wanted = true;
		if (take_pause(r, &put->recordings[i].how) && r->started &&
		    !r->ended)
			recordings_write(as->app, r);
	}
	drop_ended(as);
	for (size_t i = 0; i < put->n_recordings; i++) {
		if (!session_recording(s, put->recordings[i].sid))
			add(as, &put->recordings[i]);
	}
	if (as->plane && send_list(as, NULL, 0))
		log_error(&as->log_session, "out of memory: recordings go on "
		                            "as they were");
}

/* --- over restarts ------------------------------------------------------------------------ */

void app_recordings_reopen(struct app_session *as)
{
	struct session *s = as->state;

	for (size_t i = 0; i < s->n_recordings; i++) {
		struct session_recording *r = s->recordings[i];

		if (!r->ended)
			open_file(as, r);
		else
			recordings_write(as->app, r);
	}
}

void app_recordings_restored(struct app *app)
{
	(void)writer_adopt(app->writer);
}

bool app_recordings_pending(const struct app_session *as)
{
	for (size_t i = 0; i < as->state->n_recordings; i++) {
		const struct session_recording *r = as->state->recordings[i];

		if (!r->ended || !r->saved)
			return true;
	}
	return false;
}

void app_recordings_forget(struct app_session *as)
{
	for (size_t i = 0; i < as->state->n_recordings; i++) {
		struct in_hand *hand =
			find(as->app, as->state->recordings[i]->spec.sid);

		if (hand && hand->session == as)
			let_go(as->app, hand);
		recordings_cancel(as->app, as->state->recordings[i]);
	}
}

/* --- removing ------------------------------------------------------------------------------- */

void app_recordings_delete(struct app *app, const struct bus_return *from,
                           const char *sid)
{
	removals_ask(app, from, sid, find(app, sid) != NULL);
}

/* --- set up ---------------------------------------------------------------------------------- */

int app_recordings_init(struct app *app)
{
	const uint64_t mega = 1000000;
	const struct writer_config cfg = {
		.loop = app->loop,
		.log = app->log,
		.directory = app->conf->recordings,
		.instance = service_instance(app->service),
		.bytes_max = app->conf->recordings_max * mega,
		.bytes_free = app->conf->recordings_free * mega,
		.on_event = on_writer,
		.arg = app,
	};
	int err = hash_init(&app->recordings);

	if (!err)
		err = removals_init(app);
	return err ? err : writer_alloc(&app->writer, &cfg);
}

void app_recordings_close(struct app *app)
{
	struct hash_iter it;
	struct hash_entry *h;

	writer_free(app->writer);
	removals_close(app);
	if (!app->recordings.slots)
		return;
	it = hash_iter(&app->recordings);
	while ((h = hash_next(&it)))
		let_go(app, hash_object(h, struct in_hand, hash));
	hash_close(&app->recordings);
}
