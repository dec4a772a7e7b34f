/*
 * test_random.c - random but possible lives of calls, with invariants
 *
 * A world plays the phones, carriers, relays and applications with a seeded
 * schedule of answers, losses and crossings, and watches every command:
 * - each INVITE is answered, cancelled or ended, and nothing leaks
 * - CANCEL only after a provisional response, BYE only after the ACK, one
 *   offer at a time, one final response, one answer to each offer
 * - a call that is told to end comes to its CMD_END, and then is silent
 * - what is saved, restored and saved again is the same
 */
#include "unit/test.h"

#include "core/rng.h"
#include "snapshots.h"
#include "world.h"

enum { STEPS = 200, LIVES = 400, DRAIN_MAX = 2000 };

enum { GOOD_DOCUMENTS = 12 };

static const char *const documents[] = {
	"doc <Response><Dial record='record-from-ringing-dual' action='/next'>"
	"<Sip url='/screen' sendDigits='12'>kate@example.test</Sip>"
	"<Number url='/screen' machineDetection='Enable' "
	"amdStatusCallback='/amd'>+14155550100</Number></Dial></Response>",
	"doc <Response><Dial sequential='true' record='true'>"
	"<Sip url='/screen'>kate@example.test</Sip>"
	"<Sip sendDigits='1'>joe@example.test</Sip></Dial><Pause/></Response>",
	"doc <Response><Start><Recording recordingStatusCallback='/r'/></Start>"
	"<Say>One</Say><Play>two.wav</Play><Say>Three</Say>"
	"<Dial>+14155550100</Dial></Response>",
	"doc <Response><Gather input='dtmf speech' numDigits='2'>"
	"<Say loop='2'>Press</Say><Pause/></Gather><Redirect/></Response>",
	"doc <Response><Gather bargeIn='false' actionOnEmptyResult='true'>"
	"<Say>Press</Say></Gather></Response>",
	"doc <Response><Record transcribe='true' transcribeCallback='/t' "
	"recordingStatusCallback='/r'/><Say>Nothing</Say></Response>",
	"doc <Response><Play digits='12'/><Record/></Response>",
	"doc <Response><Dial>+14155550100</Dial></Response>",
	"doc <Response><Dial answerOnBridge='true' action='/next'>"
	"<Sip>kate@example.test</Sip></Dial></Response>",
	"doc <Response><Dial answerOnBridge='true' timeout='5' hangupOnStar="
	"'true'><Sip>a@example.test</Sip><Number>+14155550100</Number>"
	"<Sip>b@example.test</Sip></Dial><Pause/><Dial>+14155550101</Dial>"
	"</Response>",
	"doc <Response><Dial sequential='true'><Sip>a@example.test</Sip>"
	"<Sip>b@example.test</Sip></Dial><Redirect>again</Redirect></Response>",
	"doc <Response><Pause length='3'/><Redirect>/x</Redirect></Response>",
	"doc <Response><Reject/></Response>",
	"doc <Response><Hangup/></Response>",
	"doc <broken",
};

static const char *const codecs[] = {"PCMU", "PCMA", "opus", "G722"};

static unsigned dice(struct world *w, unsigned n)
{
	return rng_below(&w->rng, n);
}

__attribute__((format(printf, 3, 4))) static void happen_on(struct world *w,
                                                            unsigned leg,
                                                            const char *fmt,
                                                            ...)
{
	char what[64], event[128];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	(void)snprintf(event, sizeof(event), "%u %s", leg, what);
	world_happen(w, event);
}

static const char *codec(struct world *w)
{
	return codecs[dice(w, 4)];
}

/* The peer of a leg that was invited does something about it. */
static void step_invited(struct world *w, unsigned id)
{
	static const unsigned refusals[] = {486, 404, 480, 603, 500, 503, 408};
	struct world_leg *leg = &w->legs[id];

	switch (dice(w, 4)) {
	case 0:
		leg->provisional = true;
		happen_on(w, id, "180");
		return;
	case 1:
		leg->provisional = true;
		happen_on(w, id, "183 %s", codec(w));
		return;
	case 2:
		leg->final = leg->confirmed = leg->acks_owed = true;
		happen_on(w, id, "200 %s", dice(w, 10) ? codec(w) : "broken");
		return;
	default:
		leg->final = leg->over = true;
		happen_on(w, id, "%u",
		          leg->canceled ? 487 : refusals[dice(w, 7)]);
		return;
	}
}

static void reanswer(struct world *w, unsigned id)
{
	static const unsigned refusals[] = {491, 488, 481, 408, 500};
	struct world_leg *leg = &w->legs[id];

	leg->reoffer = false;
	if (dice(w, 2)) {
		leg->acks_owed = true;
		happen_on(w, id, "reanswer %s", codec(w));
	} else {
		happen_on(w, id, "refail %u", refusals[dice(w, 5)]);
	}
}

static void offer(struct world *w, unsigned id)
{
	static const char *const ways[] = {"", " sendonly", " inactive",
	                                   " recvonly"};

	w->legs[id].offered = true;
	if (dice(w, 4) == 0)
		happen_on(w, id, "update -");
	else
		happen_on(w, id, "update %s%s", codec(w), ways[dice(w, 4)]);
}

/* The peer of a leg with a dialog does something about it. */
static void step_confirmed(struct world *w, unsigned id)
{
	struct world_leg *leg = &w->legs[id];

	if (leg->ack_due && dice(w, 2)) {
		leg->ack_due = false;
		if (dice(w, 8))
			happen_on(w, id, "ack");
		else
			happen_on(w, id, "noack");
	} else if (leg->bye && dice(w, 2)) {
		leg->over = true;
		happen_on(w, id, "ended");
	} else if (dice(w, 12) == 0) {
		leg->over = true;
		happen_on(w, id, "bye");
	} else if (leg->reoffer) {
		reanswer(w, id);
	} else if (dice(w, 3) == 0) {
		offer(w, id);
	}
}

static void step_leg(struct world *w)
{
	unsigned id = w->n_legs ? 1 + dice(w, w->n_legs) : 0;
	struct world_leg *leg = &w->legs[id];

	if (!leg->used || leg->over)
		return;
	if (leg->confirmed) {
		step_confirmed(w, id);
	} else if (id > 1 || w->placed) {
		step_invited(w, id);
	} else if (!leg->final && dice(w, 500) == 0) {
		world_happen(w, "1 cancel");
	}
}

static void step_resolve(struct world *w)
{
	static const char *const ways[] = {"fork 1 owned",     "fork 3 owned",
	                                   "failover 2 owned", "own owned",
	                                   "failover 1",       "not-registered",
	                                   "failover 3 owned"};
	unsigned child = 0;
	char event[64];

	if (!w->resolving)
		return;
	while (!(w->resolving & 1ULL << child) || dice(w, 2))
		child = (child + 1) % SCRIPT_CHILDREN_MAX;
	w->resolving &= ~(1ULL << child);
	(void)snprintf(event, sizeof(event), "resolve %c %s", 'A' + child,
	               ways[dice(w, 7)]);
	world_happen(w, event);
}

static void step_others(struct world *w)
{
	static const char *const events[] = {
		"timer verb",      "timer limit",     "digit A *",
		"silent A",        "silent B",        "lost",
		"timer 1 glare",   "timer 2 glare",   "timer 1 refresh",
		"timer 2 refresh", "digit A 1",       "digit B #",
		"played",          "unplayed 12400",  "word A hel",
		"said A hello",    "deaf A 12400",    "recording",
		"recorded 5000",   "recorded 0",      "timer recording",
		"transcribed hi",  "machine B human", "timer 2 verb",
		"timer 3 verb",    "machine A human", "timer call"};

	if (dice(w, 4) == 0)
		world_happen(w, events[dice(w, N_OF(events))]);
}

/* The API changes a call that lives. */
static void step_control(struct world *w)
{
	static const char *const events[] = {
		"change A url /x",
		"change A twiml <Response/>",
		"change B url /x",
		"change B completed",
		"change C url /x",
		"change C canceled",
		"change A limit 9",
		"record A",
		"record B",
		"pause A",
		"resume A",
		"stop A",
		"change A completed",
		"change A twiml <Response><Pause/><Dial>"
		"+14155550100</Dial></Response>"};

	if (dice(w, 6) == 0)
		world_happen(w, events[dice(w, N_OF(events))]);
}

/* Put a restored call in the place of the old one and go on with it. */
static void step_adoption(struct world *w)
{
	static const uint8_t seed[SEED_SIZE] = {7};
	struct fields *before = saved_fields(w->s.call), *after;
	struct call *call;

	assert_int_equal(0, call_restore(&call, before, seed));
	after = saved_fields(call);
	saved_compare(before, after);
	saved_discard(before);
	saved_discard(after);
	call_free(w->s.call);
	w->s.call = call;
	/* Its transactions are gone; who waits for an ACK waits no more. */
	for (unsigned i = 1; i <= w->n_legs; i++)
		w->legs[i].reoffer = w->legs[i].ack_due = false;
	world_happen(w, "restored");
}

static void step_media(struct world *w)
{
	if (dice(w, 40)) {
		world_happen(w, "ready");
		return;
	}
	w->media_put = false;
	world_happen(w, "nomedia");
}

static void step(struct world *w)
{
	switch (dice(w, 13)) {
	case 12: step_control(w); return;
	case 0:
		if (w->fetching) {
			w->fetching = false;
			world_happen(w,
			             documents[dice(
					     w, dice(w, 9) ? GOOD_DOCUMENTS
							   : N_OF(documents))]);
		}
		return;
	case 1:
	case 2: step_resolve(w); return;
	case 3:
		if (w->media_put)
			step_media(w);
		return;
	case 4:
	case 5: step_others(w); return;
	case 6:
		if (dice(w, call_answered(w->s.call) ? 8 : 80) == 0)
			step_adoption(w);
		return;
	default: step_leg(w); return;
	}
}

/* Events are about the first recording that is left. */
static void name_recording(struct world *w)
{
	struct fields *f = saved_fields(w->s.call);

	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, "recording.1.sid") == 0)
			(void)snprintf(w->s.recording, SID_SIZE, "%s",
			               f->v[i].value);
	saved_discard(f);
}

/* Answer whatever is open, until the call is over. */
static void drain(struct world *w)
{
	world_happen(w, "end");
	for (int i = 0; i < DRAIN_MAX && !w->ended; i++)
		step_leg(w);
	while (!w->ended) { /* recordings, one by one */
		world_happen(w, "timer recording");
		if (w->ended)
			break;
		name_recording(w);
		world_happen(w, "transcribed hi");
	}
	assert_true(w->ended);
	assert_true(call_ended(w->s.call));
	(void)script_step(&w->s, "1 bye");
	assert_int_equal(0, w->s.out->n);
}

/* Spread a small number over the whole state (splitmix64). */
static void sow(struct rng *rng, uint64_t seed)
{
	for (size_t i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9e3779b97f4a7c15U;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
		rng->s[i] = z ^ (z >> 31);
	}
}

/* A call of the API with this and that */
static void place(struct world *w)
{
	struct outgoing_spec spec = script_outgoing;
	struct call_start start = script_api;

	start.outgoing = &spec;
	if (dice(w, 3) == 0)
		spec.send_digits = "12";
	spec.detect.wanted = dice(w, 3) == 0;
	spec.detect_async = dice(w, 2);
	spec.amd_url = dice(w, 2) ? "http://app.test/amd" : "";
	spec.record = dice(w, 3) == 0;
	if (dice(w, 3) == 0)
		spec.twiml = documents[dice(w, N_OF(documents))] + 4;
	if (dice(w, 2))
		spec.to = "+14155550100";
	w->placed = true;
	script_open(&w->s, &start);
}

static void live(unsigned seed)
{
	static const struct call_start *const starts[] = {
		&script_phone, &script_carrier, &script_phone};
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	sow(&w->rng, seed);
	if (seed % 4 == 3) {
		place(w);
	} else {
		script_open(&w->s, starts[seed % 4]);
		w->n_legs = 1;
		w->legs[1].used = true;
	}
	world_happen(w, "start");
	for (int i = 0; i < STEPS && !w->ended; i++) {
		w->s.now += dice(w, 3000);
		step(w);
	}
	if (!w->ended)
		drain(w);
	script_close(&w->s);
	free(w);
}

static void every_call_ends_and_leaks_no_leg(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= LIVES; seed++)
		live(seed);
}

TEST_MAIN(cmocka_unit_test(every_call_ends_and_leaks_no_leg))
