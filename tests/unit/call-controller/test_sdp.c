/*
 * test_sdp.c - session descriptions, offer and answer, session timers
 */
#include "unit/test.h"

#include "core/offer.h"
#include "core/refresh.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
#define C4   "c=IN IP4 192.0.2.1\r\n"
#define T    "t=0 0\r\n"

static int parse(const char *text, struct sdp *sdp)
{
	return sdp_parse(text, strlen(text), sdp);
}

static void what_breaks_the_rules_is_refused(void **state)
{
	static const struct {
		const char *text;
		int err;
	} rows[] = {
		{"", EINVAL},
		{"v=0", EINVAL},
		{"v=1\r\no=- 1 1 IN IP4 1.2.3.4\r\n", EINVAL},
		{"o=- 1 1 IN IP4 1.2.3.4\r\nv=0\r\n", EINVAL},
		{HEAD C4 T "m=", EINVAL},
		{HEAD C4 T "o=", EINVAL},
		{HEAD C4 T "a", EINVAL},
		{HEAD C4 T "m=audio\r\n", EINVAL},
		{HEAD C4 T "m=audio 70000 RTP/AVP 0\r\n", EINVAL},
		{HEAD C4 T "m=audio -1 RTP/AVP 0\r\n", EINVAL},
		{HEAD C4 T "m=audio 4294967297 RTP/AVP 0\r\n", EINVAL},
		{HEAD C4 T "m=audio 4000 RTP/AVP 128\r\n", EINVAL},
		{HEAD C4 T "m=audio 4000 RTP/AVP x\r\n", EINVAL},
		{HEAD T "m=audio 4000 RTP/AVP 0\r\n", EINVAL},
		{HEAD "c=IN IP6 192.0.2.1\r\n" T "m=audio 4000 RTP/AVP 0\r\n",
	         EINVAL},
		{HEAD "c=IN IP4 host.example\r\n", EINVAL},
		{HEAD "c=IN IP4 1.2.3\r\n", EINVAL},
		{HEAD "c=IN IP4 1.2.3.4.5\r\n", EINVAL},
		{HEAD "c=IN IP4 1.2.3.256\r\n", EINVAL},
		{HEAD "c=IN IP4 224.0.0.1/127\r\n", EINVAL}, /* multicast */
		{HEAD "c=IN IP4 239.255.255.255\r\n", EINVAL},
		{HEAD "c=IN IP4 255.255.255.255\r\n", EINVAL},
		{HEAD "c=IN IP6 ff02::1\r\n", EINVAL},
		{HEAD "c=IN IP6 FF0E::1/3\r\n", EINVAL},
		{HEAD C4 T "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 224.2.1.1\r\n",
	         EINVAL},
		{HEAD "c=IN IP4 223.0.0.1\r\n" T "m=audio 0 RTP/AVP 0\r\n", 0},
		{HEAD "c=IN IP6 ff::1\r\n" T "m=audio 0 RTP/AVP 0\r\n", 0},
		{HEAD C4 T "m=audio 4000 RTP/AVP 96\r\na=rtpmap:96\r\n",
	         EINVAL},
		{HEAD C4 T "m=audio 4000 RTP/AVP 96\r\na=rtpmap:x opus/1\r\n",
	         EINVAL},
		{HEAD C4 T "A=x\r\n", EINVAL},
		{HEAD C4 T "m=audio 0 RTP/AVP 0\r\n", 0},
		{HEAD C4 T "m=audio 4000 RTP/AVP 0\r\n", 0},
		{HEAD T "m=audio 4000 RTP/AVP 0\r\n" C4, 0},
		{"v=0\no=- 1 1 IN IP4 1.2.3.4\ns= \nc=IN IP4 1.2.3.4\nt=0 0\n",
	         0},
	};
	struct sdp sdp;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].err, parse(rows[i].text, &sdp));
}

/* Parse @p head and n times @p unit. */
static int parse_repeated(const char *head, const char *unit, size_t n)
{
	static char text[SDP_SIZE_MAX + 200];
	size_t len = strlen(head), step = strlen(unit);
	struct sdp sdp;

	(void)snprintf(text, sizeof(text), "%s", head);
	for (size_t i = 0; i < n && len + step < sizeof(text); i++) {
		(void)snprintf(text + len, sizeof(text) - len, "%s", unit);
		len += step;
	}
	return sdp_parse(text, len, &sdp);
}

static void sizes_are_limited(void **state)
{
	static const char media[] = HEAD C4 T "m=audio 4000 RTP/AVP 0\r\n";
	static const char line[] = "m=video 1 RTP/AVP 31\r\n";
	static const char formats[] = HEAD C4 T "m=audio 4000 RTP/AVP 0";

	(void)state;
	assert_int_equal(0, parse_repeated(HEAD C4 T, line, SDP_LINES_MAX));
	assert_int_equal(E2BIG,
	                 parse_repeated(HEAD C4 T, line, SDP_LINES_MAX + 1));
	assert_int_equal(0,
	                 parse_repeated(media, "a=x\r\n", SDP_ATTRIBUTES_MAX));
	assert_int_equal(E2BIG, parse_repeated(media, "a=x\r\n",
	                                       SDP_ATTRIBUTES_MAX + 1));
	assert_int_equal(0, parse_repeated(formats, " 8", SDP_FORMATS_MAX - 1));
	assert_int_equal(E2BIG, parse_repeated(formats, " 8", SDP_FORMATS_MAX));
	assert_int_equal(E2BIG, parse_repeated(media, "i=x\r\n", SDP_SIZE_MAX));
}

static void the_first_usable_audio_line_is_read(void **state)
{
	static const char text[] =
		HEAD C4 T "a=recvonly\r\n"
			  "m=video 6000 RTP/AVP 31\r\n"
			  "m=audio 0 RTP/AVP 0\r\n"
			  "m=audio 4000 RTP/AVP 96 9 101 13\r\n"
			  "c=IN IP6 2001:db8::1\r\n"
			  "a=rtpmap:96 OPUS/48000/2\r\n"
			  "a=fmtp:96 useinbandfec=1\r\n"
			  "a=rtpmap:101 telephone-event/8000\r\n"
			  "a=rtpmap:13 CN/8000\r\n"
			  "a=rtcp:4010\r\na=rtcp-mux\r\na=ptime:30\r\n";
	struct sdp sdp;

	(void)state;
	assert_int_equal(0, parse(text, &sdp));
	assert_int_equal(3, sdp.n_lines);
	assert_int_equal(2, sdp.audio_line);
	assert_string_equal("2001:db8::1", sdp.audio.ip);
	assert_int_equal(4000, sdp.audio.port);
	assert_int_equal(4010, sdp.audio.rtcp_port);
	assert_true(sdp.audio.rtcp_mux);
	assert_int_equal(30, sdp.audio.ptime);
	assert_int_equal(SDP_RECVONLY, sdp.audio.direction);
	assert_int_equal(3, sdp.audio.n_formats);
	assert_int_equal(SDP_OPUS, sdp.audio.formats[0].codec);
	assert_string_equal("useinbandfec=1", sdp.audio.formats[0].fmtp);
	assert_int_equal(SDP_G722, sdp.audio.formats[1].codec);
	assert_int_equal(SDP_EVENT, sdp.audio.formats[2].codec);
}

static void ptime_out_of_range_is_ignored(void **state)
{
	struct sdp sdp;

	(void)state;
	assert_int_equal(0, parse(HEAD C4 T "m=audio 4000 RTP/AVP 0\r\n"
	                                    "a=ptime:4000\r\n",
	                          &sdp));
	assert_int_equal(0, sdp.audio.ptime);
}

static struct offer opened(void)
{
	struct offer o;

	offer_init(&o, 5);
	offer_set_local(&o, "198.51.100.1", 10000, 0);
	return o;
}

static enum offer_result receive(struct offer *o, const char *text)
{
	return offer_receive(o, text, strlen(text));
}

static void an_answer_repeats_the_lines_of_the_offer(void **state)
{
	struct offer o = opened();
	struct arena a = {NULL, false};

	(void)state;
	assert_int_equal(OFFER_OK,
	                 receive(&o, HEAD C4 T
	                         "m=video 6000 RTP/AVP 31 34\r\n"
	                         "m=audio 4000 RTP/AVP 8 0 97\r\n"
	                         "a=rtpmap:97 telephone-event/8000\r\n"
	                         "m=image 7000 udptl t38\r\n"));
	offer_choose(&o, SDP_PCMU);
	assert_string_equal("v=0\r\no=- 5 1 IN IP4 198.51.100.1\r\ns=-\r\n"
	                    "c=IN IP4 198.51.100.1\r\nt=0 0\r\n"
	                    "m=video 0 RTP/AVP 31\r\n"
	                    "m=audio 10000 RTP/AVP 0 97\r\n"
	                    "a=rtpmap:0 PCMU/8000\r\n"
	                    "a=rtpmap:97 telephone-event/8000\r\n"
	                    "a=ptime:20\r\na=sendrecv\r\n"
	                    "m=image 0 udptl t38\r\n",
	                    offer_answer(&o, &a));
	/* and so do our later offers: RFC 3264 8 */
	assert_non_null(strstr(offer_repeat(&o, &a), "m=image 0 udptl t38"));
	arena_close(&a);
}

static void the_version_grows_only_on_change(void **state)
{
	static const char text[] = HEAD C4 T "m=audio 4000 RTP/AVP 0\r\n";
	struct offer o = opened();
	struct arena a = {NULL, false};

	(void)state;
	assert_int_equal(OFFER_OK, receive(&o, text));
	offer_choose(&o, SDP_CODECS);
	assert_non_null(strstr(offer_answer(&o, &a), "o=- 5 1 IN"));
	assert_int_equal(OFFER_OK, receive(&o, text));
	assert_non_null(strstr(offer_answer(&o, &a), "o=- 5 1 IN"));
	assert_int_equal(OFFER_OK,
	                 receive(&o, HEAD C4 T "m=audio 4000 RTP/AVP 0\r\n"
	                                       "a=sendonly\r\n"));
	assert_non_null(strstr(offer_answer(&o, &a), "o=- 5 2 IN"));
	offer_set_local(&o, "198.51.100.2", 10000, 0);
	assert_non_null(strstr(offer_repeat(&o, &a), "o=- 5 3 IN"));
	arena_close(&a);
}

static void hold_is_mirrored(void **state)
{
	static const struct {
		const char *lines, *answer;
		enum media_direction media;
	} rows[] = {
		{C4 T "m=audio 4000 RTP/AVP 0\r\n", "a=sendrecv",
	         MEDIA_SENDRECV},
		{C4 T "m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n", "a=recvonly",
	         MEDIA_RECVONLY},
		{C4 T "m=audio 4000 RTP/AVP 0\r\na=recvonly\r\n", "a=sendonly",
	         MEDIA_SENDONLY},
		{C4 T "m=audio 4000 RTP/AVP 0\r\na=inactive\r\n", "a=inactive",
	         MEDIA_INACTIVE},
		{"c=IN IP4 0.0.0.0\r\n" T "m=audio 4000 RTP/AVP 0\r\n",
	         "a=sendrecv", MEDIA_RECVONLY},
	};
	struct arena a = {NULL, false};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct offer o = opened();
		char text[256];

		(void)snprintf(text, sizeof(text), HEAD "%s", rows[i].lines);
		assert_int_equal(OFFER_OK, receive(&o, text));
		offer_choose(&o, SDP_CODECS);
		assert_non_null(strstr(offer_answer(&o, &a), rows[i].answer));
		assert_int_equal(rows[i].media, offer_media_direction(&o));
	}
	arena_close(&a);
}

static void what_can_not_be_relayed_is_refused(void **state)
{
	struct offer o = opened();

	(void)state;
	assert_int_equal(OFFER_BAD, receive(&o, "nonsense"));
	assert_int_equal(OFFER_NO_CODEC,
	                 receive(&o, HEAD C4 T "m=audio 4000 RTP/AVP 18\r\n"));
	assert_int_equal(OFFER_NO_CODEC,
	                 receive(&o, HEAD C4 T "m=video 4000 RTP/AVP 31\r\n"));
	assert_int_equal(OFFER_NO_CODEC,
	                 receive(&o, HEAD C4 T
	                         "m=audio 4000 RTP/AVP 101\r\n"
	                         "a=rtpmap:101 telephone-event/8000\r\n"));
	assert_int_equal(OFFER_SECURE,
	                 receive(&o, HEAD C4 T "m=audio 4000 RTP/SAVP 0\r\n"));
	assert_false(o.remote_known);
}

static void a_peer_of_ip4_can_not_have_media_of_ip6(void **state)
{
	static const char six[] =
		"v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\n"
		"c=IN IP6 2001:db8::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
	struct offer o = opened();

	(void)state;
	assert_int_equal(OFFER_OK, receive(&o, six));
	o = opened();
	o.only_ip4 = true;
	assert_int_equal(OFFER_BAD, receive(&o, six));
	assert_int_equal(OFFER_OK,
	                 receive(&o, HEAD C4 T "m=audio 4000 RTP/AVP 0\r\n"));
}

static void an_offer_keeps_the_order_and_numbers_of_the_other(void **state)
{
	struct offer caller = opened(), callee = opened();
	struct arena a = {NULL, false};
	const char *text;

	(void)state;
	assert_int_equal(OFFER_OK, receive(&caller, HEAD C4 T
	                                   "m=audio 4000 RTP/AVP 107 8 0\r\n"
	                                   "a=rtpmap:107 opus/48000/2\r\n"));
	text = offer_make(&callee, &caller, SDP_PCMA, &a);
	assert_non_null(strstr(text, "RTP/AVP 8 111 0 9 101 110\r\n"));
	/* towards the caller itself opus keeps its number */
	text = offer_make(&caller, &caller, SDP_CODECS, &a);
	assert_non_null(strstr(text, "RTP/AVP 107 8 0 9 101 110\r\n"));
	text = offer_make(&callee, NULL, SDP_CODECS, &a);
	assert_non_null(strstr(text, "RTP/AVP 0 8 9 111 101 110\r\n"));
	text = offer_make_first(&caller, SDP_PCMA, &a);
	assert_non_null(strstr(text, "RTP/AVP 8 101 110\r\n"));
	arena_close(&a);
}

static void events_have_the_clock_of_the_codec(void **state)
{
	struct offer o = opened();

	(void)state;
	assert_int_equal(OFFER_OK,
	                 receive(&o, HEAD C4 T
	                         "m=audio 4000 RTP/AVP 107 0 100 101\r\n"
	                         "a=rtpmap:107 opus/48000/2\r\n"
	                         "a=rtpmap:100 telephone-event/48000\r\n"
	                         "a=rtpmap:101 telephone-event/8000\r\n"));
	offer_choose(&o, SDP_OPUS);
	assert_int_equal(100, o.event.payload_type);
	offer_choose(&o, SDP_PCMU);
	assert_int_equal(101, o.event.payload_type);
}

static void session_timers_are_agreed(void **state)
{
	/* RFC 4028 section 9, table 2 */
	static const struct {
		struct session_timer request;
		uint32_t expires;
		bool ours;
	} rows[] = {
		{{.expires = 600, .supported = true}, 600, false},
		{{.expires = 600,
	          .named = true,
	          .uac = true,
	          .supported = true},
	         600,
	         false},
		{{.expires = 600, .named = true, .supported = true}, 600, true},
		{{.expires = 600}, 600, true},
		{{.expires = 86400, .supported = true}, 1800, false},
		{{.expires = 5000, .min_se = 4000, .supported = true},
	         4000,
	         false},
		{{.supported = true}, 1800, false},
		{{.expires = 0}, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct refresh r;
		struct session_timer t = refresh_answer(&r, &rows[i].request);

		assert_int_equal(rows[i].expires, r.expires);
		assert_int_equal(rows[i].expires, t.expires);
		assert_int_equal(rows[i].ours, r.ours);
	}
}

static void a_session_ends_before_its_interval_does(void **state)
{
	struct refresh r = {.expires = 90};

	(void)state;
	assert_int_equal(60000, refresh_expiry_ms(&r));
	r.expires = 1800;
	assert_int_equal(1768000, refresh_expiry_ms(&r));
	assert_int_equal(900000, refresh_due_ms(&r));
}

TEST_MAIN(cmocka_unit_test(a_peer_of_ip4_can_not_have_media_of_ip6),
          cmocka_unit_test(what_breaks_the_rules_is_refused),
          cmocka_unit_test(sizes_are_limited),
          cmocka_unit_test(the_first_usable_audio_line_is_read),
          cmocka_unit_test(ptime_out_of_range_is_ignored),
          cmocka_unit_test(an_answer_repeats_the_lines_of_the_offer),
          cmocka_unit_test(the_version_grows_only_on_change),
          cmocka_unit_test(hold_is_mirrored),
          cmocka_unit_test(what_can_not_be_relayed_is_refused),
          cmocka_unit_test(an_offer_keeps_the_order_and_numbers_of_the_other),
          cmocka_unit_test(events_have_the_clock_of_the_codec),
          cmocka_unit_test(session_timers_are_agreed),
          cmocka_unit_test(a_session_ends_before_its_interval_does))
