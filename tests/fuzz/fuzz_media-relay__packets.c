/*
 * fuzz_media-relay__packets.c - RTP and RTCP from anywhere, into a call of two
 *
 * The input is a sequence of: a byte that says which leg, port and source, a
 * byte for the time since the one before, a byte for the length, the packet.
 * Whatever comes, what is sent has consecutive or shifted numbers of one SSRC,
 * fits, and goes to nobody who is not a phone of the call.
 */
#include <assert.h>
#include <string.h>

#include "core/leg.h"
#include "core/leg_rtcp.h"

static const struct address_policy policy = {
	.allowed = {1, {{{{[10] = 0xff, [11] = 0xff, 20}}, 96 + 8}}},
	.own = {{ADDRESS_IP4, 0, {20, 0, 0, 9}}},
	.n_own = 1,
	.port_min = 30000,
	.port_max = 39999,
};

static void open_leg(struct leg *leg, uint8_t number)
{
	const uint32_t chance[2] = {number, number};
	struct leg_spec s = {
		.name = {(char)('a' + number)},
		.source = SOURCE_LEG,
		.ptime_ms = 20,
		.want_digits = true,
		.rtcp_mux = number == 1,
		.n_formats = 3,
		.formats = {{CODEC_PCMU, number, 1, 8000, "PCMU"},
	                    {CODEC_OPUS, 111, 2, 48000, "opus"},
	                    {CODEC_EVENT, 101, 1, number ? 48000 : 8000,
	                     "telephone-event"}},
	};

	s.offer.sdp = (struct address){ADDRESS_IP4, 5000, {20, 0, 0, number}};
	leg_init(leg, number, chance, 1000000);
	leg_apply(leg, &s, &policy);
}

static void check(const struct leg *leg, const struct leg_output *out)
{
	struct rtp r;

	assert(out->head_len + out->payload_len <= RTP_PACKET_MAX);
	assert(rtp_parse(&r, out->head, RTP_HEADER));
	assert(r.ssrc == leg->stream.ssrc);
	assert(leg->format_of[r.type] != 0);
	assert(leg->target.ip[0] == 20 && leg->target.ip[3] < 2);
}

static void take(struct leg *leg, struct leg_input *in, uint8_t how)
{
	struct leg_rtcp_input rtcp = {.from = in->from,
	                              .now_us = in->now_us,
	                              .data = in->data,
	                              .len = in->len,
	                              .now_ntp = (uint32_t)in->now_us};
	uint8_t report[RTCP_OUT_MAX];
	struct leg_output out;

	if (how & 2) {
		rtcp.muxed = (how & 4) != 0;
		(void)leg_rtcp_receive(leg, &rtcp);
	} else if (leg_receive(leg, in, &policy) == DROP_NOT) {
		for (struct leg *l = leg->listeners; l; l = l->next_listener) {
			if (leg_send(l, in, &out) == DROP_NOT)
				check(l, &out);
		}
	}
	if (in->latched)
		leg_aim(leg, &policy);
	(void)event_tick(&leg->keys, in->now_us / 1000);
	assert(leg_rtcp_report(leg, report, in->now_us, in->now_us, how) <=
	       RTCP_OUT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct leg legs[2];
	uint64_t now_us = 1000000;
	struct figures f;

	open_leg(&legs[0], 0);
	open_leg(&legs[1], 1);
	leg_attach(&legs[0], &legs[1]);
	leg_attach(&legs[1], &legs[0]);
	while (size >= 3) {
		uint8_t how = data[0];
		size_t n = data[2] < size - 3 ? data[2] : size - 3;
		struct leg_input in = {.data = data + 3, .len = n};

		now_us += (uint64_t)data[1] * data[1] * 100;
		in.now_us = now_us;
		in.from = (struct address){ADDRESS_IP4,
		                           (uint16_t)(5000 + (how >> 3 & 1)),
		                           {20, 0, 0, how >> 4 & 3}};
		take(&legs[how & 1], &in, how);
		data += 3 + n;
		size -= 3 + n;
	}
	leg_figures(&legs[0], &f);
	assert(f.mos_x100 <= 500);
	return 0;
}
