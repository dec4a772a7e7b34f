/*
 * test_dial_allowed.c - whom a Dial may call, and as whom, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void a_caller_id_of_somebody_else_is_refused(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='+15550000009'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 1",
	 "alert13214 B=failed -verb 1:503/13214 A=failed tell:/status?failed end"});
}

static void a_bad_caller_id_calls_nobody(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='a b'><Sip>kate@example.test</Sip></Dial></Response>",
	 "alert13214 1:503/13214 A=failed tell:/status?failed end"});
}

static void a_caller_that_is_no_number_needs_a_caller_id(void **state)
{
	struct call_start kate = script_phone;

	(void)state;
	kate.from = "sip:kate@example.test";
	SCRIPT(&kate,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "alert13247 1:503/13247 A=failed tell:/status?failed end"});
	SCRIPT(&kate,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='desk'>+14155550100</Dial></Response>",
	 "alert13214 1:503/13214 A=failed tell:/status?failed end"});
}

static void what_can_not_be_called_says_why_to_the_caller(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>tel:+1415</Sip></Dial></Response>",
	 "alert13243 1:404/13243 A=failed tell:/status?failed end"});
}

static void a_carriers_caller_may_be_shown(void **state)
{
	(void)state;
	SCRIPT(&script_carrier,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"});
}

static void a_number_that_the_account_may_not_call_fails(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/a'>+442071838750</Dial></Response>",
	 "B=queued resolve(B,+442071838750) verb=30 media(A~ringback-us)"},
	{"resolve B closed owned",
	 "alert13227 B=failed -verb POST:/a media(A)"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+9991234567</Dial></Response>",
	 "B=queued resolve(B,+9991234567) verb=30"},
	{"resolve B no-country owned",
	 "alert13226 B=failed -verb 1:404/13226 A=failed tell:/status?failed end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B trial owned",
	 "alert32100 B=failed -verb 1:503/32100 A=failed tell:/status?failed end"});
}

static void what_is_no_number_is_skipped(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>12</Dial><Dial answerOnBridge='true'>kate</Dial></Response>",
	 "alert13223 alert13223 1:404/13223 A=failed tell:/status?failed end"});
}

static void an_emergency_number_is_called_as_it_is(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Number>+1911</Number></Dial></Response>",
	 "B=queued resolve(B,911) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"});
	SCRIPT(&script_phone, /* whatever caller id stands there */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='a b'>112</Dial></Response>",
	 "alert13214 B=queued resolve(B,112) verb=30"});
}

static void an_emergency_number_that_can_not_be_called_says_why(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>911</Dial></Response>",
	 "B=queued resolve(B,911) verb=30"},
	{"resolve B emergency-off owned",
	 "alert13224 B=failed -verb 1:503/13224 A=failed tell:/status?failed end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>17</Dial></Response>",
	 "B=queued resolve(B,17) verb=30"},
	{"resolve B no-emergency owned",
	 "alert13223 B=failed -verb 1:404/13223 A=failed tell:/status?failed end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/a'>999</Dial></Response>",
	 "B=queued resolve(B,999) verb=30 media(A~ringback-us)"},
	{"resolve B no-emergency-carrier",
	 "alert13224 B=failed -verb POST:/a media(A)"});
}

// clang-format on

TEST_MAIN(cmocka_unit_test(a_caller_id_of_somebody_else_is_refused),
          cmocka_unit_test(a_bad_caller_id_calls_nobody),
          cmocka_unit_test(a_caller_that_is_no_number_needs_a_caller_id),
          cmocka_unit_test(what_can_not_be_called_says_why_to_the_caller),
          cmocka_unit_test(a_carriers_caller_may_be_shown),
          cmocka_unit_test(a_number_that_the_account_may_not_call_fails),
          cmocka_unit_test(what_is_no_number_is_skipped),
          cmocka_unit_test(an_emergency_number_is_called_as_it_is),
          cmocka_unit_test(an_emergency_number_that_can_not_be_called_says_why))
