/*
 * error.h - the errors of the API (contract 6.1, 6.8)
 *
 * An error is its code. The table knows its HTTP status and a sentence; the
 * sentence may have one %s, for what the client said.
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_ERROR_H
#define API_CORE_ERROR_H

#include <stddef.h>
#include <stdint.h>

enum { ERROR_DETAIL_MAX = 200 }; /* bytes of what a client said that are told */

struct error {
	uint32_t code;
	unsigned status;
	const char *message;
};

enum {
	ERROR_PARAMETER = 20001,
	ERROR_WHO = 20003,
	ERROR_METHOD = 20004,
	ERROR_INACTIVE = 20005,
	ERROR_ACCESS = 20006,
	ERROR_PAGE_SIZE = 20007,
	ERROR_MISSING = 20404,
	ERROR_CONFLICT = 20409,
	ERROR_FULL = 20410,
	ERROR_TOO_LARGE = 20413,
	ERROR_TOO_MANY = 20429,
	ERROR_INTERNAL = 20500,
	ERROR_AWAY = 20503
};

/** The row of a code; of one that has none, a row of 400 without a sentence. */
const struct error *error_of(uint32_t code);

/** Its sentence with this detail; cut to @p size */
void error_text(uint32_t code, const char *detail, char *out, size_t size);

/**
 * The body of an error as JSON (or XML), owned by the caller; NULL = no memory.
 *
 * @param detail what the %s of the message stands for, cut to ERROR_DETAIL_MAX;
 *               NULL = ""
 */
char *error_json(uint32_t code, const char *detail);
char *error_xml(uint32_t code, const char *detail);

#endif
