/*
 * request.h - what will be sent: method, URL and parameters made into a request
 */
#ifndef FETCHER_CORE_REQUEST_H
#define FETCHER_CORE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overrides.h"
#include "signature.h"
#include "url.h"

enum { REQUEST_PARAMS_MAX = 256 };
enum { REQUEST_BODY_MAX = 64 * 1024 }; /* bytes, encoded; query of a GET too */

/** What a call-controller asks for; all borrowed */
struct request_spec {
	const char *method; /**< "GET" or "POST"; "" = POST */
	const char *url;
	const struct param *params;
	size_t n_params;
};

struct request {
	bool post;
	struct url *url;            /**< of a GET: parameters included      */
	struct overrides overrides; /**< from the URL's fragment            */
	struct param *params;       /**< by name, each once; owned          */
	size_t n_params;
	char *body; /**< of a POST, form-encoded; else NULL */
	size_t body_len;
};

/** Why a request can not be made */
struct problem {
	uint32_t code;   /**< 11100 11240 … */
	const char *why; /**< a sentence, static */
};

/**
 * Copies all of @p spec. A name that comes twice is sent once, with the first
 * value: validators disagree on what a repeated name means.
 *
 * @return 0, EINVAL (@p problem is set) or ENOMEM
 */
int request_alloc(struct request **rp, const struct request_spec *spec,
                  struct problem *problem);
void request_free(struct request *r); /**< NULL is a no-op */

#endif
