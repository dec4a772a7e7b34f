/*
 * upsample.c - telephone audio (8 kHz) for a recogniser of 16 kHz
 */
#include "core/upsample.h"

#include <math.h>
#include <string.h>

static const double image = 0.05; /* of the mirror image that is left */
static const double pi = 3.14159265358979323846;

/* Half-band windowed sinc of 63 taps, both phases; the image of weight g is
 * low * (1 - g) + stuffed * g, where `stuffed` has a zero at odd places. */
void upsample_init(struct upsample *u)
{
	const int middle = UPSAMPLE_TAPS - 1;

	memset(u, 0, sizeof(*u));
	for (int phase = 0; phase < 2; phase++) {
		for (int i = 0; i < UPSAMPLE_TAPS; i++) {
			int at = 2 * i + phase - middle;
			double sinc =
				at == 0 ? 0.5 : sin(pi * at / 2) / (pi * at);
			double window = 0.54 + 0.46 * cos(pi * at / middle);

			if (at < -middle || at > middle)
				sinc = 0;
			sinc *= 2 * window * (1 - image);
			if (at == 0)
				sinc += 2 * image;
			u->taps[phase][i] = (float)sinc;
		}
	}
}

static int16_t clip(float x)
{
	if (x > 32767)
		return 32767;
	if (x < -32768)
		return -32768;
	return (int16_t)lrintf(x);
}

void upsample_put(struct upsample *u, const int16_t *in, size_t n, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		memmove(u->last + 1, u->last,
		        (UPSAMPLE_TAPS - 1) * sizeof(u->last[0]));
		u->last[0] = in[i];
		for (int phase = 0; phase < 2; phase++) {
			float sum = 0;

			for (int k = 0; k < UPSAMPLE_TAPS; k++)
				sum += u->taps[phase][k] * (float)u->last[k];
			out[2 * i + (size_t)phase] = clip(sum);
		}
	}
}
