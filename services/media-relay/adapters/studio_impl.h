/*
 * studio_impl.h - inside of studio.c and studio_work.c
 */
#ifndef MEDIA_ADAPTERS_STUDIO_IMPL_H
#define MEDIA_ADAPTERS_STUDIO_IMPL_H

#include <sys/queue.h>

#include "adapters/sound_file.h"
#include "adapters/studio.h"
#include "core/encoder.h"
#include "core/resampler.h"

enum { STUDIO_TURN_MS = 1000 }; /* of audio, then another clip has its turn */
enum { STUDIO_FIRST_TURN_MS = 200 }; /* the first packets leave soon */
enum { STUDIO_SAMPLES = 4800 };      /* decoded at once */
enum { STUDIO_RESAMPLED = STUDIO_SAMPLES * 4 + 8 }; /* 4 to 16 kHz */
enum { STUDIO_FRAME_MAX = 16 * 60 };                /* samples of a packet */
enum { STUDIO_FRAMES_MAX = STUDIO_TURN_MS / 10 };
enum { STUDIO_WRONG_CONTENT = 13420, STUDIO_OUT_OF_MEMORY = 12400 };

/* main thread to studio; a piece with its bytes behind it */
struct piece {
	struct message message; /* of the queue */
	struct piece *next;     /* of the job */
	struct studio_job *job;
	bool last;
	uint32_t error;
	char why[CLIP_WHY_SIZE];
	size_t n;
	uint8_t bytes[];
};

enum news_type { NEWS_HUNGRY, NEWS_FAILED, NEWS_CLOSED };

struct news {
	struct message message;
	struct studio_job *job;
	enum news_type type;
};

struct studio_job {
	struct studio *studio;
	struct clip *clip; /* a share */
	void *arg;
	struct piece *closing; /* allocated before it is needed */
	struct news closed;
	atomic_size_t ahead; /* bytes that wait */
	/* the studio's: */
	TAILQ_ENTRY(studio_job) link; /* of those that have work */
	bool listed;
	bool failed, full;
	struct piece *first, **end;
	bool closes;
	uint32_t error;
	char why[CLIP_WHY_SIZE];
	struct sound_file *file;
	struct resampler *resampler;
	uint32_t from_rate;
	struct encoder *encoder;
	uint32_t rate;
	size_t n; /* samples of a frame that is not full */
	int16_t frame[STUDIO_FRAME_MAX];
};

struct studio {
	struct studio_config cfg;
	struct queue in, out;
	bool in_open, out_open, running, stop;
	struct watch *watch;
	pthread_t thread;
	TAILQ_HEAD(, studio_job) busy;
	int16_t samples[STUDIO_SAMPLES];
	int16_t resampled[STUDIO_RESAMPLED];
	size_t n_frames; /* of the turn */
	uint32_t starts[STUDIO_FRAMES_MAX + 1];
	uint8_t packets[STUDIO_FRAMES_MAX * ENCODER_PACKET_MAX];
};

void *studio_run(void *arg); /* its thread */

#endif
