/*
 * ask.h - one request to the API, from its path to its answer
 *
 *     path ─► route ─► who asks ─► may they ─► form ─► the route's handler ─► answer
 *
 * A handler answers with one of ask_ok(), ask_created(), ask_gone(), ask_fail(),
 * now or later; the ask is gone then.
 */
#ifndef API_ASK_H
#define API_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "core/dates.h"
#include "core/fields.h"
#include "core/page.h"
#include "core/route.h"

struct Trestle__Envelope;
struct app;
struct http_answer;
struct http_request;

struct ask {
	struct ask *next, **at; /**< of the app */
	struct app *app;
	struct http_request *request; /**< NULL: the client is gone */
	const struct route *route;
	struct path path;
	char caller_sid[SID_SIZE]; /**< account that signed in: the path's, or
	                            *   the owner of it                    */
	bool by_key;               /**< with an API key, not the token     */
	bool closed; /**< wrong passwords: for a minute nobody is heard */
	struct fields account; /**< of the path; of the caller where it
	                            *   names none                         */
	struct fields params;  /**< of the body of a POST, else the query */
	struct page page;      /**< of a GET */
	struct span span;      /**< that a list is within, beside what its
	                            *   filters say                         */
	/** What goes on when another process answered; NULL = none was asked */
	void (*on_bus)(struct ask *q, const struct Trestle__Envelope *reply);

	size_t n_bus, n_replies; /**< of ask_bus_all(): to come, that came */

	/* For the handlers: what they hold between two answers of Redis */
	struct fields draft;              /**< the resource as it shall be    */
	struct fields was;                /**< as it was, to be compared with */
	char key[320];                    /**< of its hash                    */
	void *more;                       /**< freed with free()              */
	void (*next_step)(struct ask *q); /**< of a handler, after an answer */
};

/** Take a request, if its path is one of the API's.
 *  @return whether it was; then it is or will be answered */
bool ask_serve(struct app *app, struct http_request *r);
/** Answer a request that is not taken whole: 413 or 400 (http/server.h). */
void ask_refused(struct http_request *r, unsigned status);
/** The end of the process: nobody waits for an answer any more. */
void ask_close(struct app *app);

/** The account whose things are meant: AC… */
const char *ask_account(const struct ask *q);
bool ask_is_subaccount(const struct ask *q); /**< ... has an owner */
/** Its path, and a header or NULL; of a client that is gone nothing is known */
const char *ask_path(const struct ask *q);
/** "https://host" as the client sees us */
enum { ASK_BASE_SIZE = 272 };
void ask_base(const struct ask *q, char *out, size_t size);
const char *ask_header(const struct ask *q, const char *name);
/** The n-th placeholder of the path */
const char *ask_part(const struct ask *q, size_t n);

/* Answers; @p json is taken over and may be NULL (memory ran out). @p name is the
 * element of an answer in XML: "Domain". */
void ask_ok(struct ask *q, const char *name, json_t *json);
void ask_created(struct ask *q, const char *name, json_t *json);
/** A page of a list named @p key; @p last is the sid of its last record, or NULL
 *  when there are no more. */
void ask_list(struct ask *q, const char *key, json_t *records,
              const char *last);
void ask_accepted(struct ask *q, const char *name, json_t *json); /**< 202 */
void ask_gone(struct ask *q);                                     /**< 204 */
/** Any other answer; the file of it is given away. */
void ask_answer(struct ask *q, const struct http_answer *a);
/** @p detail what the sentence of the error tells, or NULL */
void ask_fail(struct ask *q, uint32_t code, const char *detail);
/** Of Redis or the bus: 503, 500. */
void ask_fail_errno(struct ask *q, int err);

#endif
