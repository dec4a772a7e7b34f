/*
 * beep.c - what is heard before a recording begins
 *
 * Pure: no I/O, no clock, no log.
 */
#include "beep.h"

#include <math.h>

static double level(size_t at, size_t length, size_t edge)
{
	size_t to_edge;

	if (at >= length)
		return 0;
	to_edge = at < length - at ? at : length - at;
	return to_edge < edge ? BEEP_LEVEL * (double)to_edge / (double)edge
	                      : BEEP_LEVEL;
}

void beep_render(uint32_t rate, size_t at, int16_t *out, size_t n)
{
	const double turn = 6.283185307179586 * BEEP_HZ / rate;
	size_t length = (size_t)rate * BEEP_MS / 1000;
	size_t edge = (size_t)rate * BEEP_EDGE_MS / 1000;

	for (size_t i = 0; i < n; i++)
		out[i] = (int16_t)(level(at + i, length, edge) *
		                   sin(turn * (double)(at + i)));
}
