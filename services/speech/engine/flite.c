/*
 * flite.c - English, by CMU Flite
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <flite/flite.h>

#include "core/plan.h"
#include "engine/engine.h"

/* The voices of Debian's flite have no headers. */
cst_voice *register_cmu_us_awb(const char *directory);
cst_voice *register_cmu_us_kal16(const char *directory);
cst_voice *register_cmu_us_rms(const char *directory);
cst_voice *register_cmu_us_slt(const char *directory);

struct flite_voice {
	const char *name;
	cst_voice *(*load)(const char *directory);
	cst_voice *voice; /* loaded when it is first asked for */
	float stretch;    /* its own duration_stretch */
};

static struct flite_voice voices[] = {
	{"awb", register_cmu_us_awb, NULL, 1},
	{"kal16", register_cmu_us_kal16, NULL, 1},
	{"rms", register_cmu_us_rms, NULL, 1},
	{"slt", register_cmu_us_slt, NULL, 1},
};

static struct flite_voice *find(const char *name)
{
	static bool ready;

	if (!ready)
		flite_init();
	ready = true;
	for (size_t i = 0; i < sizeof(voices) / sizeof(voices[0]); i++) {
		struct flite_voice *v = &voices[i];

		if (strcmp(v->name, name) != 0)
			continue;
		if (!v->voice) {
			v->voice = v->load(NULL);
			v->stretch = get_param_float(v->voice->features,
			                             "duration_stretch", 1);
		}
		return v;
	}
	return NULL;
}

int flite_speak(const struct frame_speak *order, const char *text,
                struct audio *out)
{
	struct flite_voice *v = find(order->voice);
	cst_wave *wave;
	int err = 0;

	if (!v)
		return EINVAL;
	feat_set_float(v->voice->features, "duration_stretch",
	               v->stretch * 100 / (float)order->rate);
	feat_set_float(v->voice->features, "f0_shift",
	               (float)order->pitch / 100);
	wave = flite_text_to_wave(text, v->voice);
	if (!wave)
		return EIO;
	out->n = (size_t)cst_wave_num_samples(wave);
	out->v = malloc(out->n ? out->n * sizeof(*out->v) : 1);
	if (out->v) {
		memcpy(out->v, cst_wave_samples(wave),
		       out->n * sizeof(*out->v));
		err = audio_resample(out, (uint32_t)cst_wave_sample_rate(wave),
		                     PLAN_RATE);
		audio_trim_start(out);
	} else {
		err = ENOMEM;
	}
	delete_wave(wave);
	return err;
}
