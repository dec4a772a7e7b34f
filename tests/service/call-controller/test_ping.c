/*
 * test_ping.c - carriers that do not answer OPTIONS are tried last
 */
#include <signal.h>

#include "loop/loop.h"
#include "phone.h"
#include "platform.h"
#include "talk.h"
#include "unit/test.h"

enum { PING_S = 2 };

#define FIRST  "sip:192.0.2.50:5070"
#define SECOND "sip:192.0.2.51;transport=tcp"

#define FROM_OUTSIDE "X-Trestle-Source: 192.0.2.50:5070;transport=udp\n"

static void configure(const struct platform *p)
{
	const struct redis_server *r = &p->redis_server;

	redis_cli(r,
	          "HSET carrier:BY00000000000000000000000000000002 sid "
	          "BY00000000000000000000000000000002 sources 192.0.2.48/29 "
	          "prefixes +1 targets "
	          "[{\"uri\":\"" FIRST "\",\"priority\":1},"
	          "{\"uri\":\"" SECOND "\",\"priority\":2}]",
	          NULL);
	redis_cli(r, "SADD carriers BY00000000000000000000000000000002", NULL);
	redis_cli(r, "INCR config:version", NULL);
}

static int open_pinged(void **state)
{
	int err = platform_open(state);
	struct platform *p = *state;

	platform_kill(p, 0, SIGKILL);
	configure(p);
	p->ping = PING_S;
	platform_start(p, 0);
	return err;
}

/* Nothing of before is waited for. */
static void forget(struct platform *p)
{
	while (p->edge.n)
		free(p->edge.inbox[--p->edge.n]);
}

static void answer_ping(struct platform *p, const char *uri, const char *status,
                        const char *more)
{
	char start[64];

	snprintf(start, sizeof(start), "OPTIONS %s ", uri);
	phone_wait(&p->edge, start, "");
	/* to the controller that asks */
	assert_int_equal(1, sscanf(phone_header(&p->edge, "Via"),
	                           "SIP/2.0/UDP %63[0-9.:]", p->edge.peer));
	phone_answer(&p->edge, status, "c", more);
}

/* Whom a call to the phone network tries first */
static void expect_first(struct platform *p, const char *host)
{
	char start[64];
	struct talk d;

	talk_reset(p, "<Response><Dial callerId=\"+15550100\">"
	              "<Number>+12025550123</Number></Dial></Response>");
	talk_invite(p, &d, "");
	snprintf(start, sizeof(start), "INVITE sip:+12025550123@%s", host);
	phone_wait(&p->edge, "INVITE sip:+12025550123@", "");
	assert_memory_equal(start, p->edge.now, strlen(start));
	phone_answer(&p->edge, "486 Busy Here", "c", "");
}

static void expect_state(struct platform *p, const char *uri, const char *state)
{
	char value[64];

	snprintf(value, sizeof(value), "{\"state\":\"%s\"", state);
	platform_expect_start(p, "carriers:health", uri, value);
}

static void one_that_does_not_answer_is_tried_last(void **state)
{
	struct platform *p = *state;

	expect_first(p, "192.0.2.50");
	answer_ping(p, SECOND, "404 Not Found", FROM_OUTSIDE);
	expect_state(p, FIRST, "down");
	expect_state(p, SECOND, "up");
	expect_first(p, "192.0.2.51");
	forget(p);
	/* the copies of pings that nobody waits for any more, too */
	for (unsigned i = 0; i < 4; i++)
		answer_ping(p, FIRST, "200 OK", FROM_OUTSIDE);
	expect_state(p, FIRST, "up");
	expect_first(p, "192.0.2.50");
}

static void what_our_edge_answers_is_no_carrier(void **state)
{
	struct platform *p = *state;

	forget(p);
	answer_ping(p, FIRST, "200 OK", FROM_OUTSIDE);
	answer_ping(p, SECOND, "503 No Such Host", "");
	expect_state(p, SECOND, "down");
	expect_first(p, "192.0.2.50");
	answer_ping(p, FIRST, "503 Service Unavailable", FROM_OUTSIDE);
	expect_state(p, FIRST, "down");
	expect_first(p, "192.0.2.50"); /* all are down: as if all were up */
}

static void two_controllers_ping_as_often_as_one(void **state)
{
	struct platform *p = *state;
	uint64_t end;
	unsigned n = 0;

	platform_start(p, 1);
	forget(p);
	end = loop_now_ms() + 5 * PING_S * 1000;
	while (loop_now_ms() < end)
		if (phone_has(&p->edge, "OPTIONS " FIRST, "", 100)) {
			answer_ping(p, FIRST, "200 OK", FROM_OUTSIDE);
			n++;
		}
	assert_in_range(n, 3, 6);
	platform_kill(p, 0, SIGKILL); /* and the other one goes on */
	forget(p);
	answer_ping(p, FIRST, "200 OK", FROM_OUTSIDE);
	expect_state(p, FIRST, "up");
	expect_first(p, "192.0.2.50");
	platform_kill(p, 1, SIGKILL);
	platform_start(p, 0);
}

static void one_that_is_not_configured_any_more_is_forgotten(void **state)
{
	struct platform *p = *state;

	redis_cli(&p->redis_server,
	          "HSET carriers:health sip:gone "
	          "{\"state\":\"down\",\"since\":"
	          "\"2026-01-01T00:00:00.000Z\",\"checked\":"
	          "\"2026-01-01T00:00:00.000Z\"}",
	          NULL);
	forget(p);
	answer_ping(p, FIRST, "200 OK", FROM_OUTSIDE);
	platform_expect(p, "carriers:health", "sip:gone", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_does_not_answer_is_tried_last),
		cmocka_unit_test(what_our_edge_answers_is_no_carrier),
		cmocka_unit_test(two_controllers_ping_as_often_as_one),
		cmocka_unit_test(
			one_that_is_not_configured_any_more_is_forgotten),
	};

	return cmocka_run_group_tests(tests, open_pinged, platform_close);
}
