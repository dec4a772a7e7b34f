/*
 * resampler.c - linear samples of one rate to another, by libspeexdsp
 *
 * Pure: no I/O, no clock, no log.
 */
#include "resampler.h"

#include <errno.h>
#include <stdlib.h>

#include <speex/speex_resampler.h>

/* 80 dB of 16 bits at a third of the work of the best: telephone speech. */
enum { QUALITY = 3 };

struct resampler {
	SpeexResamplerState *speex;
};

static int in_range(uint32_t rate)
{
	return rate >= RESAMPLER_RATE_MIN && rate <= RESAMPLER_RATE_MAX;
}

int resampler_alloc(struct resampler **rp, uint32_t from, uint32_t to)
{
	struct resampler *r;
	int problem = 0;

	if (!in_range(from) || !in_range(to))
		return EINVAL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return ENOMEM;
	r->speex = speex_resampler_init(1, from, to, QUALITY, &problem);
	if (!r->speex) {
		free(r);
		return ENOMEM;
	}
	*rp = r;
	return 0;
}

void resampler_free(struct resampler *r)
{
	if (!r)
		return;
	speex_resampler_destroy(r->speex);
	free(r);
}

void resampler_skip(struct resampler *r)
{
	(void)speex_resampler_skip_zeros(r->speex);
}

size_t resampler_run(struct resampler *r, const int16_t *in, size_t n,
                     int16_t *out, size_t max)
{
	size_t done = 0;
	size_t made = 0;

	/* it may stop short of the input when it has little room */
	while (done < n && made < max) {
		spx_uint32_t used = (spx_uint32_t)(n - done);
		spx_uint32_t room = (spx_uint32_t)(max - made);

		if (speex_resampler_process_int(r->speex, 0, in + done, &used,
		                                out + made, &room) != 0 ||
		    (used == 0 && room == 0))
			break;
		done += used;
		made += room;
	}
	return made;
}
