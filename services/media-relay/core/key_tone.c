/*
 * key_tone.c - keys as they sound: two tones at once (ITU-T Q.23)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "key_tone.h"

#include <math.h>
#include <string.h>

enum { AMPLITUDE = 5200 }; /* of each tone: -10 dBm0 */
enum { EDGE_MS = 3 };      /* rise and fall: without clicks */

static const char keys[] = "123A456B789C*0#D";
static const float rows[] = {697, 770, 852, 941};
static const float columns[] = {1209, 1336, 1477, 1633};

void key_tone(char key, uint32_t rate, size_t n, int16_t *out)
{
	const char *at = key ? strchr(keys, key) : NULL;
	size_t edge = (size_t)rate * EDGE_MS / 1000;
	float low, high;

	memset(out, 0, n * sizeof(*out));
	if (!at)
		return;
	low = rows[(at - keys) / 4];
	high = columns[(at - keys) % 4];
	for (size_t i = 0; i < n; i++) {
		float t = 2 * 3.14159265F * (float)i / (float)rate;
		size_t near = i < n - i ? i : n - i;
		float gain = near < edge ? (float)near / (float)edge : 1;

		out[i] = (int16_t)(AMPLITUDE * gain *
		                   (sinf(t * low) + sinf(t * high)));
	}
}
