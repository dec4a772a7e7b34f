/*
 * framing.c - messages out of a stream (RFC 3261 18.3, RFC 5626 3.5.1)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "framing.h"

#include "header.h"

enum { KEEPALIVE_JUNK_MAX = 4 };

/* The start line and header fields are there: how long is the body?
 * @return false when it does not say so exactly once, or says two things */
static bool content_length(struct slice head, uint32_t *length)
{
	size_t lf = slice_find(head, '\n');
	struct slice rest = slice_from(head, lf < head.n ? lf + 1 : lf);
	struct header h;
	bool found = false;

	for (;;) {
		enum header_result r = header_next(&rest, &h);
		uint32_t v;

		if (r != HEADER_FOUND)
			return r == HEADER_END && found;
		if (h.id != HEADER_CONTENT_LENGTH)
			continue;
		if (!slice_number(h.value, MESSAGE_MAX, &v) ||
		    (found && v != *length))
			return false;
		*length = v;
		found = true;
	}
}

static enum framing_result line_end(const char *p, size_t size, size_t *n)
{
	if (size >= 4 && memcmp(p, "\r\n\r\n", 4) == 0) {
		*n = 4;
		return FRAMING_PING;
	}
	if (size < 4 && memcmp(p, "\r\n\r\n", size) == 0)
		return FRAMING_MORE; /* it may become a ping */
	if (size >= 2 && memcmp(p, "\r\n", 2) == 0) {
		*n = 2;
		return FRAMING_SKIP;
	}
	*n = size;
	return FRAMING_BAD;
}

/* Find the end of the header fields and learn the length of the whole. */
static enum framing_result head(struct framing *f, const char *p, size_t size)
{
	size_t from = f->scanned > 3 ? f->scanned - 3 : 0;
	const char *end = memmem(p + from, size - from, "\r\n\r\n", 4);
	uint32_t length = 0;

	f->scanned = size;
	if (!end)
		return size < MESSAGE_MAX ? FRAMING_MORE : FRAMING_BAD;
	f->whole = (size_t)(end - p) + 4;
	if (!content_length((struct slice){p, f->whole}, &length))
		return FRAMING_BAD;
	f->whole += length;
	return f->whole > MESSAGE_MAX ? FRAMING_BAD : FRAMING_MESSAGE;
}

enum framing_result framing_next(struct framing *f, const char *p, size_t size,
                                 size_t *n)
{
	*n = size;
	if (size == 0)
		return FRAMING_MORE;
	if (p[0] == '\r' || p[0] == '\n')
		return line_end(p, size, n);
	if (f->whole == 0) {
		enum framing_result r = head(f, p, size);

		if (r != FRAMING_MESSAGE)
			return r;
	}
	if (size < f->whole)
		return FRAMING_MORE;
	*n = f->whole;
	return FRAMING_MESSAGE;
}

bool framing_keepalive(const char *p, size_t size)
{
	if (size <= KEEPALIVE_JUNK_MAX)
		return true;
	for (size_t i = 0; i < size; i++) {
		if (p[i] != '\r' && p[i] != '\n' && p[i] != '\0')
			return false;
	}
	return true;
}
