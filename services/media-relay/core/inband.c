/*
 * inband.c - keys pressed on a phone, heard as tones, by spandsp's detector
 *
 * Pure: no I/O, no clock, no log.
 */
#include "inband.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <spandsp.h>

enum { BLOCK = 102 }; /* samples that the detector looks at, always */
enum { PER_MS = INBAND_RATE / 1000 };
enum { NORMAL_TWIST_DB = 8, REVERSE_TWIST_DB = 4 }; /* Q.24, North America */

struct inband {
	dtmf_rx_state_t *rx;
	uint64_t now; /* samples so far */
	bool pressed; /* one is under way, or has just been let go */
	bool sounds;  /* its tone is heard now */
	char digit;   /* of it */
	uint64_t since, until;
	size_t n;
	struct key_press over[INBAND_QUEUE];
};

static void end_press(struct inband *i)
{
	uint64_t ms = (i->until - i->since) / PER_MS;

	i->pressed = false;
	if (i->n == INBAND_QUEUE)
		return;
	i->over[i->n].digit = i->digit;
	i->over[i->n++].duration_ms =
		ms < EVENT_PRESS_MAX_MS ? (uint32_t)ms : EVENT_PRESS_MAX_MS;
}

/* The detector tells each change: a digit, or 0 for none. It knows a tone, and
 * the end of one, two blocks after it came. */
static void on_change(void *arg, int code, int level, int delay)
{
	struct inband *i = arg;

	(void)level;
	(void)delay;
	i->sounds = code != 0;
	if (code == 0) {
		i->until = i->now;
		return;
	}
	if (i->pressed && code == i->digit &&
	    i->now - i->until < (uint64_t)INBAND_GAP_MS * PER_MS)
		return;
	if (i->pressed)
		end_press(i);
	i->pressed = true;
	i->digit = (char)code;
	i->since = i->now;
	i->until = i->now;
}

int inband_alloc(struct inband **ip)
{
	struct inband *i = calloc(1, sizeof(*i));

	if (!i)
		return ENOMEM;
	i->rx = dtmf_rx_init(NULL, NULL, NULL);
	if (!i->rx) {
		free(i);
		return ENOMEM;
	}
	dtmf_rx_set_realtime_callback(i->rx, on_change, i);
	dtmf_rx_parms(i->rx, false, NORMAL_TWIST_DB, REVERSE_TWIST_DB, -99);
	*ip = i;
	return 0;
}

void inband_free(struct inband *i)
{
	if (!i)
		return;
	(void)dtmf_rx_free(i->rx);
	free(i);
}

void inband_put(struct inband *i, const int16_t *samples, size_t n)
{
	/* in its own steps, so that changes get their time */
	while (n > 0) {
		size_t step = BLOCK - i->now % BLOCK;

		if (step > n)
			step = n;
		i->now += step;
		(void)dtmf_rx(i->rx, samples, (int)step);
		samples += step;
		n -= step;
	}
	if (i->sounds)
		i->until = i->now;
	if (i->pressed && !i->sounds &&
	    i->now - i->until >= (uint64_t)INBAND_GAP_MS * PER_MS)
		end_press(i);
}

bool inband_pressed(const struct inband *i)
{
	return i->pressed;
}

struct key_press inband_take(struct inband *i)
{
	struct key_press k = {0};

	if (i->n == 0)
		return k;
	k = i->over[0];
	i->n--;
	for (size_t m = 0; m < i->n; m++)
		i->over[m] = i->over[m + 1];
	return k;
}
