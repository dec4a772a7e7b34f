/*
 * test_proxy.c - requests and responses through the edge, both ways, over UDP
 */
#include "world.h"

#include <signal.h>
#include <unistd.h>

#include "unit/test.h"

static struct world w;
static int phone;

static int open_world(void **state)
{
	(void)state;
	world_open(&w, NULL);
	phone = world_udp();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	close(phone);
	world_close(&w);
	return 0;
}

static void say(const char *method, const char *uri, const char *to,
                const char *call_id, const char *more)
{
	world_say(phone, world_edge(&w),
	          "%s %s SIP/2.0\n"
	          "Via: SIP/2.0/UDP 10.9.9.9:5062;branch=z9hG4bK%s;rport\n"
	          "From: <sip:alice@d>;tag=f\nTo: %s\nCall-ID: %s\n"
	          "CSeq: 1 %s\nMax-Forwards: 70\n%sContent-Length: 0\n\n",
	          method, uri, call_id, to, call_id, method, more);
}

#define ALICE "<sip:alice@d>"

/* Which of the controllers hears it? */
static int controller(void)
{
	for (int i = 0; i < 40; i++) {
		if (world_hears(&w, w.services[CONTROLLER_1].fd, 25))
			return CONTROLLER_1;
		if (world_hears(&w, w.services[CONTROLLER_2].fd, 25))
			return CONTROLLER_2;
	}
	fail_msg("no controller heard it");
	return -1;
}

static void a_registration_goes_in_with_path_and_source(void **state)
{
	char value[1024];
	char expect[128];
	int fd = w.services[REGISTRAR].fd;

	(void)state;
	say("REGISTER", "sip:d", ALICE, "r1",
	    "X-Trestle-Source: 1.1.1.1:1;transport=udp\n"
	    "x-TRESTLE-evil : 1\nPath: <sip:evil>\n"
	    "P-Asserted-Identity: <sip:boss@d>\nX-Mine: yes\n"
	    "Route: <sip:evil;lr>\n");
	world_hear(&w, fd, "REGISTER sip:d SIP/2.0\r\n");
	assert_string_equal(w.from, world_inside(&w));
	(void)snprintf(expect, sizeof(expect), "127.0.0.1:%u;transport=udp",
	               world_port(phone));
	assert_string_equal(expect,
	                    world_header(&w, "X-Trestle-Source", 0, value));
	assert_string_equal("", world_header(&w, "X-Trestle-Source", 1, value));
	(void)snprintf(expect, sizeof(expect), "@127.0.0.1:%u;lr>", w.internal);
	assert_non_null(strstr(world_header(&w, "Path", 0, value), expect));
	assert_string_equal("", world_header(&w, "Path", 1, value));
	assert_string_equal("69", world_header(&w, "Max-Forwards", 0, value));
	world_has(&w, "X-Mine: yes\r\n");
	world_lacks(&w, "evil");
	world_lacks(&w, "Asserted");
	world_lacks(&w, "Record-Route");
	(void)snprintf(expect, sizeof(expect),
	               ";branch=z9hG4bKr1;received=127.0.0.1;rport=%u",
	               world_port(phone));
	assert_non_null(strstr(world_header(&w, "Via", 1, value), expect));

	world_answer(&w, fd, "200 OK", "Contact: <sip:alice@x>\n");
	world_hear(&w, phone, "SIP/2.0 200 OK\r\n");
	assert_string_equal(w.from, world_edge(&w));
	assert_non_null(strstr(world_header(&w, "Via", 0, value), expect));
	assert_string_equal("", world_header(&w, "Via", 1, value));
	world_lacks(&w, "flow=");
}

static void a_call_comes_in_and_stays_with_its_owner(void **state)
{
	char value[1024];
	char expect[160];
	char in[160];
	int who;

	(void)state;
	say("INVITE", "sip:bob@d", "<sip:bob@d>", "i1", "");
	who = controller();
	world_has(&w, "INVITE sip:bob@d SIP/2.0\r\n");
	(void)snprintf(in, sizeof(in), "@127.0.0.1:%u;lr>", w.internal);
	assert_non_null(strstr(world_header(&w, "Record-Route", 0, value), in));
	(void)snprintf(expect, sizeof(expect),
	               "<sip:127.0.0.1:%u;transport=udp;lr>", w.port);
	assert_string_equal(expect, world_header(&w, "Record-Route", 1, value));
	world_answer(&w, w.services[who].fd, "100 Trying", "");
	world_hear(&w, phone, "SIP/2.0 100 Trying\r\n");

	/* CANCEL and the ACK of a failure: same instance, same branch */
	say("INVITE", "sip:bob@d", "<sip:bob@d>", "i1", "");
	assert_int_equal(who, controller());
	(void)snprintf(in, sizeof(in), "%s", world_header(&w, "Via", 0, value));
	say("CANCEL", "sip:bob@d", "<sip:bob@d>", "i1", "");
	assert_int_equal(who, controller());
	assert_string_equal(in, world_header(&w, "Via", 0, value));
	say("ACK", "sip:bob@d", "<sip:bob@d>;tag=t", "i1", "");
	assert_int_equal(who, controller());
	assert_string_equal(in, world_header(&w, "Via", 0, value));
}

static void in_a_dialog_the_owner_is_asked(void **state)
{
	(void)state;
	for (int who = CONTROLLER_1; who <= CONTROLLER_2; who++) {
		char uri[128];

		(void)snprintf(uri, sizeof(uri),
		               "sip:CA1-1@10.0.0.1:5080;owner=%s",
		               w.services[who].name);
		say("BYE", uri, "<sip:bob@d>;tag=t", "i2",
		    "Route: <sip:127.0.0.1;lr>\n");
		assert_int_equal(who, controller());
		world_lacks(&w, "Route:");
	}
	say("BYE", "sip:CA1-1@h;owner=nobody", "<sip:bob@d>;tag=t", "i2", "");
	(void)controller();
}

static void register_phone(char route[512])
{
	char value[1024];

	say("REGISTER", "sip:d", ALICE, "r2", "");
	world_hear(&w, w.services[REGISTRAR].fd, "REGISTER ");
	(void)snprintf(route, 512, "%s", world_header(&w, "Path", 0, value));
	world_answer(&w, w.services[REGISTRAR].fd, "200 OK", "");
	world_hear(&w, phone, "SIP/2.0 200 OK\r\n");
}

static void invite_phone(const char *route)
{
	world_say(w.services[CONTROLLER_1].fd, world_inside(&w),
	          "INVITE sip:alice@192.168.1.9:5062 SIP/2.0\n"
	          "Via: SIP/2.0/UDP %s;branch=z9hG4bKc1\n"
	          "Route: %s\nFrom: <sip:bob@d>;tag=b\nTo: <sip:alice@d>\n"
	          "X-Trestle-Secret: inside\nCall-ID: c1\nCSeq: 1 INVITE\n"
	          "P-Asserted-Identity: <sip:bob@d>\n"
	          "Content-Length: 0\n\n",
	          w.services[CONTROLLER_1].sip, route);
}

static void a_call_reaches_the_phone_on_its_flow(void **state)
{
	char value[1024];
	char expect[160];
	char route[512];

	(void)state;
	register_phone(route);
	invite_phone(route);
	world_hear(&w, phone, "INVITE sip:alice@192.168.1.9:5062 SIP/2.0\r\n");
	assert_string_equal(w.from, world_edge(&w));
	world_lacks(&w, "X-Trestle");
	world_lacks(&w, "\r\nRoute:");
	world_has(&w, "P-Asserted-Identity: <sip:bob@d>\r\n");
	(void)snprintf(expect, sizeof(expect),
	               "<sip:127.0.0.1:%u;transport=udp;lr>", w.port);
	assert_string_equal(expect, world_header(&w, "Record-Route", 0, value));
	assert_string_equal(route, world_header(&w, "Record-Route", 1, value));
	world_answer(&w, phone, "180 Ringing",
	             "X-Trestle-Source: 1.1.1.1:1;transport=udp\n");
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 180 Ringing\r\n");
	assert_string_equal(w.from, world_inside(&w));
	world_lacks(&w, "1.1.1.1");
	assert_non_null(strstr(world_header(&w, "Via", 0, value), "c1"));
	assert_string_equal("", world_header(&w, "Via", 1, value));
	(void)snprintf(expect, sizeof(expect), "127.0.0.1:%u;transport=udp",
	               world_port(phone));
	assert_string_equal(expect,
	                    world_header(&w, "X-Trestle-Source", 0, value));
}

static void a_flow_survives_the_edge(void **state)
{
	char route[512];

	(void)state;
	register_phone(route);
	world_restart_edge(&w);
	invite_phone(route);
	world_hear(&w, phone, "INVITE ");
	world_answer(&w, phone, "486 Busy Here", "");
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 486");
}

static void a_forged_flow_is_none(void **state)
{
	char route[512];

	(void)state;
	register_phone(route);
	route[10] = route[10] == 'A' ? 'B' : 'A';
	invite_phone(route);
	/* no token of ours: a plain URI, and that one is private */
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 403");
	world_silent(&w, phone, 100);
}

static void responses_to_nothing_are_dropped(void **state)
{
	(void)state;
	world_say(phone, world_edge(&w),
	          "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4b"
	          "Kx;flow=AAAAAAAAAAAAAAAAAAAAAAAA\n"
	          "Via: SIP/2.0/UDP %s\nFrom: <sip:a@b>;tag=1\n"
	          "To: <sip:a@b>;tag=2\nCall-ID: x\nCSeq: 1 INVITE\n\n",
	          w.port, w.services[CONTROLLER_1].sip);
	world_count(&w,
	            "trestle_edge_dropped_total{reason=\"foreign-response\"}",
	            1);
	world_silent(&w, w.services[CONTROLLER_1].fd, 50);
}

static void strangers_on_the_internal_socket_are_dropped(void **state)
{
	(void)state;
	world_say(phone, world_inside(&w),
	          "OPTIONS sip:a@8.8.8.8 SIP/2.0\nVia: SIP/2.0/UDP x;branch="
	          "z9hG4bKx\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\n"
	          "Call-ID: x\nCSeq: 1 OPTIONS\n\n");
	world_count(&w, "trestle_edge_dropped_total{reason=\"stranger\"}", 1);
}

static void what_loops_is_stopped(void **state)
{
	char via[1024];
	int who;

	(void)state;
	say("INVITE", "sip:loop@d", "<sip:loop@d>", "loop1", "");
	who = controller();
	(void)world_header(&w, "Via", 0, via);
	world_say(phone, world_edge(&w),
	          "INVITE sip:loop@d SIP/2.0\nVia: SIP/2.0/UDP far;branch="
	          "z9hG4bKf\nVia: %s\nFrom: <sip:alice@d>;tag=f\n"
	          "To: <sip:loop@d>\nCall-ID: loop1\nCSeq: 1 INVITE\n\n",
	          via);
	world_hear(&w, phone, "SIP/2.0 482 ");
	world_silent(&w, w.services[who].fd, 50);
}

static void a_carrier_may_say_who_calls(void **state)
{
	bool kept = false;

	(void)state;
	redis_cli(&w.redis,
	          "HSET carrier:BY00000000000000000000000000000001 sid "
	          "BY00000000000000000000000000000001 friendly_name x "
	          "sources 127.0.0.0/8 targets []",
	          NULL);
	redis_cli(&w.redis, "SADD carriers BY00000000000000000000000000000001",
	          NULL);
	redis_cli(&w.redis, "INCR config:version", NULL);
	redis_cli(&w.redis, "PUBLISH config 1", NULL);
	for (int i = 0; i < 60 && !kept; i++) {
		say("INVITE", "sip:bob@d", "<sip:bob@d>", "p1",
		    "P-Asserted-Identity: <sip:+1555@carrier>\n");
		(void)controller();
		kept = strstr(w.text, "P-Asserted-Identity:") != NULL;
	}
	assert_true(kept);
}

static void when_the_owner_is_dead_another_one_is_asked(void **state)
{
	char uri[128];
	bool moved = false;

	(void)state;
	world_silence(&w, CONTROLLER_2);
	(void)snprintf(uri, sizeof(uri), "sip:CA9-1@h;owner=%s",
	               w.services[CONTROLLER_2].name);
	for (int i = 0; i < 60 && !moved; i++) {
		say("BYE", uri, "<sip:bob@d>;tag=t", "i3", "");
		moved = world_hears(&w, w.services[CONTROLLER_1].fd, 100);
	}
	assert_true(moved);
	world_has(&w, "BYE ");
}

/* @return the Call-ID of an INVITE that reached no controller */
static const char *invite_nobody(void)
{
	static char id[24];

	for (int i = 0; i < 60; i++) {
		(void)snprintf(id, sizeof(id), "held-%d", i);
		say("INVITE", "sip:bob@d", ALICE, id, "");
		if (!world_hears(&w, w.services[CONTROLLER_1].fd, 100))
			return id;
		(void)world_hears(&w, phone, 50); /* it takes a while */
	}
	fail_msg("a controller that left is still asked");
	return NULL;
}

static void a_call_waits_for_a_controller_and_its_cancel_too(void **state)
{
	const char *id;

	(void)state;
	world_silence(&w, CONTROLLER_1);
	id = invite_nobody();
	say("CANCEL", "sip:bob@d", ALICE, id, "");
	world_silent(&w, phone, 300);
	world_return(&w, CONTROLLER_1);
	world_hear(&w, w.services[CONTROLLER_1].fd, "INVITE ");
	world_has(&w, id);
	world_hear(&w, w.services[CONTROLLER_1].fd, "CANCEL ");
	world_has(&w, id);
	world_silent(&w, phone, 100);
}

static void without_a_registrar_it_says_later(void **state)
{
	bool refused = false;

	(void)state;
	world_silence(&w, REGISTRAR);
	for (int i = 0; i < 60 && !refused; i++) {
		say("REGISTER", "sip:d", ALICE, "r9", "");
		refused = world_hears(&w, phone, 100);
	}
	assert_true(refused);
	world_has(&w, "SIP/2.0 503 ");
	world_has(&w, "Retry-After: ");
}

static void asked_to_end_it_takes_nothing_new_and_ends(void **state)
{
	(void)state;
	kill(w.edge, SIGTERM);
	for (int i = 0; i < 40; i++) {
		say("OPTIONS", "sip:d", ALICE, "o1", "");
		world_hear(&w, phone, "SIP/2.0 ");
		if (strstr(w.text, " 503 "))
			break;
	}
	world_has(&w, "SIP/2.0 503 ");
	assert_int_equal(0, process_stop(w.edge, 0));
	w.edge = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_goes_in_with_path_and_source),
		cmocka_unit_test(a_call_comes_in_and_stays_with_its_owner),
		cmocka_unit_test(in_a_dialog_the_owner_is_asked),
		cmocka_unit_test(a_call_reaches_the_phone_on_its_flow),
		cmocka_unit_test(a_flow_survives_the_edge),
		cmocka_unit_test(a_forged_flow_is_none),
		cmocka_unit_test(responses_to_nothing_are_dropped),
		cmocka_unit_test(strangers_on_the_internal_socket_are_dropped),
		cmocka_unit_test(what_loops_is_stopped),
		cmocka_unit_test(a_carrier_may_say_who_calls),
		cmocka_unit_test(when_the_owner_is_dead_another_one_is_asked),
		cmocka_unit_test(
			a_call_waits_for_a_controller_and_its_cancel_too),
		cmocka_unit_test(without_a_registrar_it_says_later),
		cmocka_unit_test(asked_to_end_it_takes_nothing_new_and_ends),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
