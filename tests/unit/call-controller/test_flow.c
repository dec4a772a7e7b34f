/*
 * test_flow.c - whole calls, told as tables
 */
#include "unit/test.h"

#include "script.h"

#define DIAL_NUMBER "doc <Response><Dial>+14155550100</Dial></Response>"
#define DIAL_USER                                                              \
	"doc <Response><Dial answerOnBridge='true'>"                           \
	"<Sip>sip:kate@example.test</Sip></Dial></Response>"

static void a_dial_answers_at_once_and_plays_ringback(void **state)
{
	(void)state;
	SCRIPT(&script_phone, {"start", "1:180 A=ringing POST:/voice"},
	       {DIAL_NUMBER, "B=queued resolve(B,+14155550100) verb=30"},
	       {"resolve B failover 1 owned", ""});
}

TEST_MAIN(cmocka_unit_test(a_dial_answers_at_once_and_plays_ringback))
