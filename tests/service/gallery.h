/*
 * gallery.h - a web server with audio, for tests: caching, slow bodies
 */
#ifndef GALLERY_H
#define GALLERY_H

#include <stddef.h>
#include <stdint.h>

enum { GALLERY_MAX = 64 };

struct gallery_item {
	const char *path;
	const char *type;
	const void *body; /* borrowed for ever */
	size_t len;
	const char *headers; /* "ETag: \"1\"\r\n"; NULL = none */
	unsigned rate;       /* bytes a second; 0 = at once */
	unsigned status;     /* 0 = 200 */
};

/** Serve on @p address from threads until the program ends. @return the port */
uint16_t gallery_start(const char *address);

/** Add an item, or change the one at its path. */
void gallery_put(const struct gallery_item *item);

/** Requests for a path since it was put, and how many were answered 304 */
unsigned gallery_requests(const char *path);
unsigned gallery_unchanged(const char *path);

/** The value of a header of the last request, "" = none; static */
const char *gallery_header(const char *name);

/** Make a file with sox ("-n -r 8000 … FILE …") and read it.
 *  @param words a line for /bin/sh, in which $OUT is the file
 *  @return its bytes, never freed */
void *gallery_sox(const char *words, const char *suffix, size_t *len);

#endif
