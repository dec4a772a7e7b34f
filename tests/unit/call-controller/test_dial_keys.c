/*
 * test_dial_keys.c - keys by SIP INFO while two talk, told as tables
 */
#include "unit/test.h"

#include "script.h"

#define BRIDGED                                                                \
	{"start", "1:180 A=ringing POST:/voice"},                              \
		{"doc <Response><Dial answerOnBridge='true'><Sip>"             \
	         "kate@example.test</Sip></Dial></Response>",                  \
	         "B=queued resolve(B,sip:kate@example.test) verb=30"},         \
		{"resolve B fork 1", "media(A,B)"},                            \
		{"ready", "2:INVITE+PCMU,PCMA,G722,opus"},                     \
		{"2 200 PCMU",                                                 \
	         "2:ACK B=in-progress -verb limit=14400 1:200+PCMU "           \
	         "A=in-progress media(A<B,B<A)"},                              \
	{                                                                      \
		"1 ack", ""                                                    \
	}

// clang-format off
static void a_key_of_the_callee_is_played_to_the_caller(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED,
	{"info 2 5", /* the callee knows no events: it is no double */
	 "media(A~keys(5),B<A)"},
	{"info 2 6",
	 ""},
	{"info 2 #",
	 ""},
	{"played",
	 "media(A~keys(6#),B<A)"},
	{"played",
	 "media(A<B,B<A)"},
	{"played 1",
	 ""},
	{"info 2 7",
	 "media(A~keys(7),B<A)"},
	{"unplayed 13430",
	 "media(A<B,B<A)"});
}

static void the_first_key_of_who_may_tell_it_twice_waits(void **state)
{
	(void)state;
	SCRIPT(&script_phone, /* it tells by INFO alone */
	BRIDGED,
	{"info 1 1",
	 "verb=0 media(A<B,B<A)"},
	{"info 1 2",
	 ""},
	{"timer verb",
	 "media(A<B,B~keys(12))"},
	{"played",
	 "media(A<B,B<A)"},
	{"info 1 3", /* this is known now */
	 "media(A<B,B~keys(3))"});
	SCRIPT(&script_phone, /* it tells by events, too: they are passed */
	BRIDGED,
	{"info 1 1",
	 "verb=0 media(A<B,B<A)"},
	{"digit A 1",
	 "media(A<B,B<A)"},
	{"timer verb",
	 ""},
	{"wait 5000",
	 ""},
	{"info 1 2",
	 ""});
	SCRIPT(&script_phone, /* who hangs up meanwhile has pressed nothing */
	BRIDGED,
	{"info 1 1",
	 "verb=0 media(A<B,B<A)"},
	{"1 bye",
	 "2:BYE B=completed -verb -limit A=completed tell:/status?completed"});
}
// clang-format on

TEST_MAIN(cmocka_unit_test(a_key_of_the_callee_is_played_to_the_caller),
          cmocka_unit_test(the_first_key_of_who_may_tell_it_twice_waits))
