/*
 * inspect.h - one request as the inspector shows it: a line of JSON
 *
 *     {"time":"…","method":"POST","url":"https://…","params":{…},
 *      "request_headers":{…},"response_headers":{…},
 *      "status":200,"error":0,"text":"","attempts":1,"ms":12,
 *      "content_type":"text/xml","body":"<Response/>"}
 */
#ifndef FETCHER_CORE_INSPECT_H
#define FETCHER_CORE_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request.h"

struct strbuf;

enum { INSPECT_BODY_MAX = 16 * 1024 }; /* bytes of a body that are kept */
enum { INSPECT_HEADERS_MAX = 4096 };   /* … of the headers of one side */

struct inspect_record {
	uint64_t wall_ms;              /**< when it began, since 1970 UTC */
	const struct request *request; /**< borrowed */
	const char *url;               /**< last one asked, without user */
	unsigned status;               /**< 0 = no response */
	uint32_t code;                 /**< error, 0 = none */
	const char *text;
	unsigned attempts;
	uint32_t ms;              /**< from the question to the answer */
	const char *content_type; /**< of the response; "" = none */
	const char *body;         /**< of it; NULL = none */
	size_t body_len;
	const char *asked, *told; /**< header lines of both; NULL = none */
};

/** Append the record. Bytes that are not UTF-8 become U+FFFD; of body
 *  and headers, the values of attributes that end with "password" and what stands
 *  before the @ of a URL become ***, and so do cookies and credentials. */
void inspect_write(const struct inspect_record *record, struct strbuf *out);

#endif
