/*
 * line.c - what a telephone line does to all speech on it: its mean spectrum
 */
#include "engine/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COEFFICIENTS_MAX = 32 };
enum { FRAMES = 16 }; /* computed at once */

struct line {
	ps_decoder_t *ps; /* borrowed */
	fe_t *fe;
	int32 n_coefficients;
	mfcc_t *frames[FRAMES]; /* into `cepstra` */
	mfcc_t cepstra[FRAMES][COEFFICIENTS_MAX];
	double sum[COEFFICIENTS_MAX];
	size_t n; /* frames of the sum */
};

static void release(struct line *l)
{
	if (!l)
		return;
	if (l->fe)
		fe_free(l->fe);
	free(l);
}

int line_alloc(struct line **lp, ps_decoder_t *ps)
{
	struct line *l = calloc(1, sizeof(*l));

	if (!l)
		return ENOMEM;
	l->ps = ps;
	l->fe = fe_init_auto_r(ps_get_config(ps));
	if (!l->fe || fe_get_output_size(l->fe) > COEFFICIENTS_MAX) {
		release(l);
		return ENOMEM;
	}
	l->n_coefficients = fe_get_output_size(l->fe);
	for (size_t i = 0; i < FRAMES; i++)
		l->frames[i] = l->cepstra[i];
	*lp = l;
	return 0;
}

void line_begin(struct line *l)
{
	memset(l->sum, 0, sizeof(l->sum));
	l->n = 0;
	fe_start_stream(l->fe);
	fe_start_utt(l->fe);
}

bool line_known(const struct line *l)
{
	return l->n >= LINE_FRAMES;
}

/* Without energy it is no sound at all: PocketSphinx does not count it either. */
static void learn(struct line *l, const mfcc_t *frame)
{
	if (frame[0] < 0 || line_known(l))
		return;
	for (int32 i = 0; i < l->n_coefficients; i++)
		l->sum[i] += frame[i];
	l->n++;
}

bool line_put(struct line *l, const int16_t *samples, size_t n)
{
	while (n) {
		int32 made = FRAMES;

		if (fe_process_frames(l->fe, &samples, &n, l->frames, &made,
		                      NULL) < 0)
			break;
		for (int32 i = 0; i < made; i++)
			learn(l, l->frames[i]);
	}
	return fe_get_vad_state(l->fe);
}

void line_use(const struct line *l)
{
	mfcc_t mean[COEFFICIENTS_MAX];

	if (!l->n)
		return;
	for (int32 i = 0; i < l->n_coefficients; i++)
		mean[i] = (mfcc_t)(l->sum[i] / (double)l->n);
	cmn_live_set(ps_get_feat(l->ps)->cmn_struct, mean);
}
