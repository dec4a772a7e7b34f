/*
 * test_torture.c - the torture messages of RFC 4475, over UDP and TCP
 *
 * The messages are not part of the project. They are looked for where
 * TRESTLE_RFC4475 says, and in ../shared/data/rfc4475; where they are absent
 * the test says so and is skipped.
 */
#include "world.h"

#include <sys/socket.h>
#include <unistd.h>

#include "unit/test.h"

enum { SILENCE_MS = 60, STEP_MS = 2 };

/* What came of it */
enum outcome {
	SILENCE,
	REGISTRAR_HAS_IT,  /* "answered by normal rules": the registrar's or */
	CONTROLLER_HAS_IT, /* the controller's                              */
	ANSWERED = 100     /* and beyond: the status                         */
};

/* Two outcomes differ between the transports only where a stream must do
 * without the end of the datagram to tell the end of the message. */
static const struct {
	const char *file, *section;
	int udp, tcp;
} rows[] = {
	/* valid: never 400 */
	{"wsinv", "3.1.1.1", CONTROLLER_HAS_IT, CONTROLLER_HAS_IT},
	{"intmeth", "3.1.1.2", 501, 501},
	{"esc01", "3.1.1.3", CONTROLLER_HAS_IT, CONTROLLER_HAS_IT},
	{"escnull", "3.1.1.4", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"esc02", "3.1.1.5", 501, 501},
	{"lwsdisp", "3.1.1.6", 200, 200},
	{"longreq", "3.1.1.7", CONTROLLER_HAS_IT, CONTROLLER_HAS_IT},
	{"dblreq", "3.1.1.8", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"semiuri", "3.1.1.9", 200, 200},
	{"transports", "3.1.1.10", 200, 200},
	{"mpart01", "3.1.1.11", 405, 405},
	{"unreason", "3.1.1.12", SILENCE, SILENCE}, /* to no request of ours */
	{"noreason", "3.1.1.13", SILENCE, SILENCE},
	/* invalid */
	{"badinv01", "3.1.2.1", 400, 400},
	{"clerr", "3.1.2.2", 400, SILENCE}, /* the stream waits for the rest */
	{"ncl", "3.1.2.3", 400, 400},
	{"scalar02", "3.1.2.4", 400, 400},
	{"scalarlg", "3.1.2.5", SILENCE, SILENCE},
	{"quotbal", "3.1.2.6", 400, 400},
	{"ltgtruri", "3.1.2.7", 400, 400},
	{"lwsruri", "3.1.2.8", 400, 400},
	{"lwsstart", "3.1.2.9", 400, 400},
	{"trws", "3.1.2.10", 400, 400},
	{"escruri", "3.1.2.11", 400, 400},
	{"baddate", "3.1.2.12", CONTROLLER_HAS_IT, CONTROLLER_HAS_IT},
	{"regbadct", "3.1.2.13", 400, 400},
	{"badaspec", "3.1.2.14", 400, 400},
	{"baddn", "3.1.2.15", 400, 400},
	{"badvers", "3.1.2.16", 505, 505},
	{"mismatch01", "3.1.2.17", 400, 400},
	{"mismatch02", "3.1.2.18", 400, 400},
	{"bigcode", "3.1.2.19", SILENCE, SILENCE},
	/* transaction layer */
	{"badbranch", "3.2.1", 200, 200},
	/* application layer */
	{"insuf", "3.3.1", 400, 400},
	{"unkscm", "3.3.2", 416, 416},
	{"novelsc", "3.3.3", 416, 416},
	{"unksm2", "3.3.4", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"bext01", "3.3.5", 420, 420},
	{"invut", "3.3.6", CONTROLLER_HAS_IT, CONTROLLER_HAS_IT},
	{"regaut01", "3.3.7", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"multi01", "3.3.8", 400, 400},
	{"mcl01", "3.3.9", 400, 400},
	{"bcast", "3.3.10", SILENCE, SILENCE},
	{"zeromf", "3.3.11", 483, 483},
	{"cparam01", "3.3.12", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"cparam02", "3.3.13", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"regescrt", "3.3.14", REGISTRAR_HAS_IT, REGISTRAR_HAS_IT},
	{"sdp01", "3.3.15", CONTROLLER_HAS_IT, CONTROLLER_HAS_IT},
	/* backward compatibility: a stream needs a Content-Length */
	{"inv2543", "3.4.1", CONTROLLER_HAS_IT, 400},
};

static struct world w;
static char message[WORLD_TEXT];
static size_t length;

static const char *folder(void)
{
	const char *set = getenv("TRESTLE_RFC4475");

	if (set)
		return set;
	return access("../shared/data/rfc4475/wsinv.dat", R_OK) == 0
	               ? "../shared/data/rfc4475"
	               : NULL;
}

static int open_world(void **state)
{
	(void)state;
	if (folder())
		world_open(&w, NULL);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (folder())
		world_close(&w);
	return 0;
}

static void load(const char *name)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s.dat", folder(), name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("cannot open %s", path);
	length = fread(message, 1, sizeof(message), f);
	(void)fclose(f);
}

static void drain(void)
{
	for (int i = 0; i < SERVICES; i++) {
		while (world_hears(&w, w.services[i].fd, 0))
			;
	}
}

/* Did one of the services get it? */
static int who_has_it(uint32_t ms)
{
	for (uint32_t waited = 0; waited <= ms; waited += STEP_MS) {
		if (world_hears(&w, w.services[REGISTRAR].fd, 0))
			return REGISTRAR_HAS_IT;
		if (world_hears(&w, w.services[CONTROLLER_1].fd, 0) ||
		    world_hears(&w, w.services[CONTROLLER_2].fd,
		                ms > 0 ? STEP_MS : 0))
			return CONTROLLER_HAS_IT;
	}
	return SILENCE;
}

static int status(void)
{
	const char *text = w.text;

	while (strncmp(text, "\r\n", 2) == 0) /* a pong before it */
		text += 2;
	return strncmp(text, "SIP/2.0 ", 8) == 0
	               ? (int)strtol(text + 8, NULL, 10)
	               : SILENCE;
}

static const char canary[] = "OPTIONS sip:d SIP/2.0\n"
			     "Via: SIP/2.0/UDP h;branch=z9hG4bKcanary\n"
			     "From: <sip:a@d>;tag=1\nTo: <sip:d>\n"
			     "Call-ID: canary\nCSeq: 1 OPTIONS\n\n";

/* The edge takes datagrams in order: what has not come before the answer to a
 * request that was sent after it does not come. */
static int over_udp(void)
{
	int fd = world_udp();
	int got = SILENCE;

	world_send(fd, world_edge(&w), message, length);
	world_say(fd, world_edge(&w), canary);
	world_hear(&w, fd, "SIP/2.0 ");
	if (!strstr(w.text, "Call-ID: canary")) {
		got = status();
		world_hear(&w, fd, "SIP/2.0 200 OK");
		world_has(&w, "Call-ID: canary");
	}
	close(fd);
	return got == SILENCE ? who_has_it(0) : got;
}

static int over_tcp(int wanted)
{
	int fd = world_tcp(&w, w.port);
	int got;

	assert_int_equal(length, send(fd, message, length, 0));
	got = who_has_it(wanted < ANSWERED && wanted != SILENCE ? WORLD_WAIT_MS
	                                                        : 0);
	if (got == SILENCE &&
	    world_hears(&w, fd, wanted == SILENCE ? SILENCE_MS : WORLD_WAIT_MS))
		got = status();
	close(fd);
	return got;
}

static void outcomes(bool tcp)
{
	int wrong = 0;

	if (!folder()) {
		print_message("skipped: no messages of RFC 4475 here\n");
		skip();
	}
	for (size_t i = 0; i < N_OF(rows); i++) {
		int wanted = tcp ? rows[i].tcp : rows[i].udp;
		int got;

		load(rows[i].file);
		drain();
		got = tcp ? over_tcp(wanted) : over_udp();
		if (got != wanted) {
			print_error("%s (RFC 4475 %s): %d, not %d\n",
			            rows[i].file, rows[i].section, got, wanted);
			wrong++;
		}
	}
	assert_int_equal(0, wrong);
}

static void messages_over_udp_have_the_outcome_of_the_rfc(void **state)
{
	(void)state;
	outcomes(false);
}

static void messages_over_tcp_have_the_outcome_of_the_rfc(void **state)
{
	(void)state;
	outcomes(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_over_udp_have_the_outcome_of_the_rfc),
		cmocka_unit_test(messages_over_tcp_have_the_outcome_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
