/*
 * call.c - two legs that hear each other, for tests
 */
#include "unit/test.h"

#include "call.h"

const struct address_policy call_policy = {
	.allowed = {1, {{{{[10] = 0xff, [11] = 0xff, 20}}, 96 + 8}}},
	.own = {{ADDRESS_IP4, 0, {20, 0, 0, 99}}},
	.n_own = 1,
	.port_min = 30000,
	.port_max = 39999,
};

static const struct format pcmu = {CODEC_PCMU, 0, 1, 8000, "PCMU"};
static const struct format pcmu96 = {CODEC_PCMU, 96, 1, 8000, "PCMU"};
static const struct format pcma = {CODEC_PCMA, 8, 1, 8000, "PCMA"};
static const struct format event101 = {CODEC_EVENT, 101, 1, 8000,
                                       "telephone-event"};
static const struct format event110 = {CODEC_EVENT, 110, 1, 48000,
                                       "telephone-event"};

static struct leg_spec spec(const char *name, unsigned host,
                            const struct format *formats, size_t n)
{
	struct leg_spec s = {.source = SOURCE_LEG,
	                     .ptime_ms = 20,
	                     .n_formats = n,
	                     .expect_media = true};

	(void)snprintf(s.name, sizeof(s.name), "%s", name);
	memcpy(s.formats, formats, n * sizeof(*formats));
	s.offer.sdp =
		(struct address){ADDRESS_IP4, 5000, {20, 0, 0, (uint8_t)host}};
	return s;
}

void call_make(struct call *c)
{
	const uint32_t chance_a[2] = {0xaaaa, 1};
	const uint32_t chance_b[2] = {0xbbbb, 2};
	const struct format of_a[] = {pcmu, pcma, event101};
	const struct format of_b[] = {pcmu96, event110};
	struct leg_spec a = spec("CAa", 1, of_a, 3);
	struct leg_spec b = spec("CAb", 2, of_b, 2);

	memset(c, 0, sizeof(*c));
	c->now_us = 1000000000;
	leg_init(&c->a, 1, chance_a, c->now_us);
	leg_init(&c->b, 2, chance_b, c->now_us);
	leg_apply(&c->a, &a, &call_policy);
	leg_apply(&c->b, &b, &call_policy);
	leg_attach(&c->a, &c->b);
	leg_attach(&c->b, &c->a);
}

enum drop call_send(struct call *c, struct leg_input *in, uint8_t type,
                    struct address from)
{
	struct rtp r = {
		.type = type, .seq = ++c->seq, .ts = c->ts += 160, .ssrc = 7};

	c->now_us += 20000;
	rtp_write(c->packet, &r);
	memset(c->packet + RTP_HEADER, 0x55, 160);
	*in = (struct leg_input){.from = from,
	                         .now_us = c->now_us,
	                         .data = c->packet,
	                         .len = RTP_HEADER + 160};
	return leg_receive(&c->a, in, &call_policy);
}

struct address call_phone(unsigned host, unsigned port)
{
	return (struct address){
		ADDRESS_IP4, (uint16_t)port, {20, 0, 0, (uint8_t)host}};
}

void call_latch(struct call *c)
{
	struct leg_input in;

	assert_int_equal(DROP_PROBATION,
	                 call_send(c, &in, 0, call_phone(1, 5000)));
	assert_int_equal(DROP_PROBATION,
	                 call_send(c, &in, 0, call_phone(1, 5000)));
	assert_int_equal(DROP_NOT, call_send(c, &in, 0, call_phone(1, 5000)));
	assert_true(in.latched);
}

struct rtp call_passed(struct call *c, struct leg_input *in)
{
	static uint8_t whole[RTP_PACKET_MAX];
	struct leg_output out;
	struct rtp r;

	assert_int_equal(DROP_NOT, leg_send(&c->b, in, &out));
	memcpy(whole, out.head, out.head_len);
	memcpy(whole + out.head_len, out.payload, out.payload_len);
	assert_true(rtp_parse(&r, whole, out.head_len + out.payload_len));
	return r;
}
