/*
 * recorded.c - calls that are recorded, and what is in the file
 */
#include "recorded.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

#include "core/g711.h"
#include "unit/test.h"

void recorded_begin(struct recorded *r, struct fixture *f)
{
	static unsigned number;

	memset(r, 0, sizeof(*r));
	r->f = f;
	(void)snprintf(r->sid, sizeof(r->sid), "RE%032x", ++number);
	trestle__recording__init(&r->want);
	r->want.recording = r->sid;
	r->want.account_sid = RECORDED_ACCOUNT;
	r->want.call_sid = RECORDED_CALL;
	r->want.leg = f->call.names[0];
	r->want.source = "DialVerb";
	r->list[0] = &r->want;
}

void recorded_put(struct recorded *r)
{
	r->f->call.put.recordings = r->list;
	r->f->call.put.n_recordings = 1;
	fixture_put(r->f);
	if (!r->begun_ms)
		r->begun_ms = recorded_now_ms();
}

void recorded_stop(struct recorded *r)
{
	r->f->call.put.n_recordings = 0;
	fixture_put(r->f);
}

uint64_t recorded_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void say(struct phone *p, uint8_t type, int hz, uint32_t at)
{
	uint8_t payload[160];

	if (hz < 0)
		return;
	for (uint32_t i = 0; i < sizeof(payload); i++)
		payload[i] = g711_to_ulaw(
			(int16_t)(8000 * sin(6.283185307179586 * hz *
		                             (double)(at + i) / 8000)));
	phone_send(p, type, payload, sizeof(payload));
}

void recorded_talk(struct recorded *r, int a_hz, int b_hz, uint32_t ms)
{
	uint64_t since = recorded_now_ms();

	for (uint32_t at = 0; at < ms; at += 20) {
		uint64_t now = recorded_now_ms();

		if (since + at > now)
			world_pass(&r->f->world, (uint32_t)(since + at - now));
		say(&r->f->a, 0, a_hz, at * 8);
		say(&r->f->b, 96, b_hz, at * 8);
	}
	world_pass(&r->f->world, 20);
}

size_t recorded_count(const struct recorded *r, Trestle__MediaEvent__Type type)
{
	const struct world *w = &r->f->world;
	size_t n = 0;

	for (size_t i = 0; i < w->n_events; i++)
		n += w->events[i].type == type &&
		     strcmp(w->events[i].id, r->sid) == 0;
	return n;
}

struct wanted {
	const struct recorded *r;
	Trestle__MediaEvent__Type type;
};

static bool came(void *arg)
{
	const struct wanted *want = arg;

	return recorded_count(want->r, want->type) > 0;
}

const struct world_event *recorded_event(const struct recorded *r,
                                         Trestle__MediaEvent__Type type,
                                         uint32_t ms)
{
	struct wanted want = {r, type};
	struct world *w = &r->f->world;

	if (!world_run(w, came, &want, ms))
		return NULL;
	assert_int_equal(1, recorded_count(r, type));
	for (size_t i = 0;; i++) {
		if (w->events[i].type == type &&
		    strcmp(w->events[i].id, r->sid) == 0)
			return &w->events[i];
	}
}

bool recorded_exists(const struct recorded *r, const char *suffix)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s%s", r->f->world.recordings,
	               r->sid, suffix);
	return access(path, R_OK) == 0;
}

/* The number behind a word in what a command prints */
static double number_of(const char *command, const char *word)
{
	FILE *f =
		popen(command, "r"); // NOLINT(cert-env33-c): sox, by our words
	char line[256];
	double number = -1;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, word);

		if (at)
			number = strtod(at + strlen(word), NULL);
	}
	if (pclose(f) != 0)
		fail_msg("%s", command);
	return number;
}

unsigned recorded_ms(const struct recorded *r)
{
	char command[256];

	(void)snprintf(command, sizeof(command), "soxi -D %s/%s.wav",
	               r->f->world.recordings, r->sid);
	return (unsigned)(number_of(command, "") * 1000 + 0.5);
}

unsigned recorded_hz(const struct recorded *r, unsigned channel,
                     unsigned from_ms, unsigned ms)
{
	char command[256];

	(void)snprintf(
		command, sizeof(command),
		"sox %s/%s.wav -n remix %u trim %u.%03u %u.%03u stat 2>&1",
		r->f->world.recordings, r->sid, channel, from_ms / 1000,
		from_ms % 1000, ms / 1000, ms % 1000);
	if (number_of(command, "RMS     amplitude:") < 0.01)
		return 0;
	/* sox takes differences for the slope of a sine: undo that */
	return (unsigned)(asin(number_of(command, "Rough   frequency:") *
	                       3.141592653589793 / 8000) *
	                          8000 / 3.141592653589793 +
	                  0.5);
}
