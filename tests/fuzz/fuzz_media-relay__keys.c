/*
 * fuzz_media-relay__keys.c - telephone-events from anywhere
 *
 * The input is a sequence of ten bytes: time, marker and clock, timestamp,
 * SSRC, length, payload. There are never more presses than packets, and none
 * lasts longer than the longest.
 */
#include <assert.h>
#include <string.h>

#include "core/telephone_event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_receiver er;
	struct rtp r = {0};
	uint64_t now_ms = 1000;
	size_t packets = 0;
	size_t presses = 0;

	memset(&er, 0, sizeof(er));
	for (; size >= 10; data += 10, size -= 10) {
		struct key_press k[2];

		now_ms += data[0];
		r.marker = (data[1] & 1) != 0;
		r.ts += (uint32_t)(int8_t)data[2] * 160;
		r.ssrc = data[3] & 1;
		r.payload = data + 5;
		r.payload_len = data[4] % 6;
		k[0] = event_receive(&er, &r, data[1] & 2 ? 48000 : 8000,
		                     now_ms);
		k[1] = event_tick(&er, now_ms + (data[1] & 4 ? 300 : 0));
		packets++;
		for (int i = 0; i < 2; i++) {
			presses += k[i].digit != '\0';
			assert(k[i].digit == '\0' ||
			       strchr("0123456789*#ABCD", k[i].digit));
			assert(k[i].duration_ms <= EVENT_PRESS_MAX_MS);
		}
	}
	assert(presses <= packets);
	return 0;
}
