/*
 * test_limit.c - calls of an account that all end after some time
 */
#include "unit/test.h"

#include "script.h"

/* Play rows one after the other and hold against what the last one does. */
static void limited(const struct call_start *from, const char *const *steps,
                    const char *const *commands)
{
	struct call_start start = *from;
	struct script s;

	start.limit_s = 600;
	script_open(&s, &start);
	for (size_t i = 0; steps[i]; i++) {
		const char *did = script_step(&s, steps[i]);

		if (commands[i])
			assert_string_equal(commands[i], did);
		if (strcmp(steps[i], "timer call") != 0 && steps[i + 1] &&
		    strcmp(steps[i + 1], "timer call") == 0)
			s.now += 600000;
	}
	script_close(&s);
}

static void a_call_of_a_trial_ends_after_ten_minutes(void **state)
{
	static const char *const api[] = {"start",      "resolve A fork 1",
	                                  "ready",      "1 200 PCMA",
	                                  "timer call", NULL};
	static const char *const api_does[] = {
		NULL, NULL, NULL,
		"1:ACK A=in-progress tell:/status?in-progress -verb call=600 "
		"POST:/voice media(A)",
		"alert13805 1:BYE A=completed tell:/status?completed"};
	static const char *const phone[] = {
		"start",      "doc <Response><Say>Hi</Say></Response>",
		"ready",      "1 ack",
		"timer call", NULL};
	static const char *const phone_does[] = {
		NULL, NULL,
		"1:200+PCMU call=600 A=in-progress media(A~say(Hi))", NULL,
		"alert13805 1:BYE A=completed tell:/status?completed"};

	(void)state;
	limited(&script_api, api, api_does);
	limited(&script_phone, phone, phone_does);
}

TEST_MAIN(cmocka_unit_test(a_call_of_a_trial_ends_after_ten_minutes))
