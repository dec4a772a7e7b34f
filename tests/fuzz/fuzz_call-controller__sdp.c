/*
 * fuzz_call-controller__sdp.c - session descriptions of phones and carriers
 *
 * What we write in answer is read again: it must be a valid description with
 * as many media lines as the offer.
 */
#include <assert.h>
#include <string.h>

#include "core/offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(const char *text, size_t lines)
{
	struct sdp sdp;

	assert(sdp_parse(text, strlen(text), &sdp) == 0);
	assert(sdp.audio_line >= 0);
	assert(sdp.n_lines == lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {NULL, false};
	struct offer o, other;

	offer_init(&o, 1);
	offer_init(&other, 2);
	offer_set_local(&o, "198.51.100.1", 10000, 10001);
	offer_set_local(&other, "2001:db8::1", 10002, 0);
	if (offer_receive(&o, (const char *)data, size) == OFFER_OK) {
		offer_choose(&o, size % 2 ? SDP_PCMA : SDP_CODECS);
		read_again(offer_answer(&o, &a), o.n_lines);
		read_again(offer_repeat(&o, &a), o.n_lines);
		read_again(offer_make(&other, &o, SDP_OPUS, &a), 1);
		(void)offer_media_direction(&o);
	}
	(void)offer_receive_answer(&other, (const char *)data, size);
	assert(!a.failed);
	arena_close(&a);
	return 0;
}
