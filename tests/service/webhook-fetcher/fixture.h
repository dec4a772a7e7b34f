/*
 * fixture.h - a real webhook-fetcher with Redis, and an asker on the bus
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "bus/bus.h"
#include "service/harness.h"

#define ACCOUNT       "AC00000000000000000000000000000001"
#define OTHER_ACCOUNT "AC00000000000000000000000000000002"
#define CALL          "CA00000000000000000000000000000001"
#define TOKEN         "12345"
#define APP_ADDRESS   "127.0.3.1"
#define OTHER_ADDRESS "127.0.3.2"

enum { ANSWERS_MAX = 64 };

/** What came back for one question */
struct answer {
	bool came;
	int err;     /**< of the bus */
	int refusal; /**< Trestle__Refusal__Reason, -1 = none */
	unsigned status, code, attempts;
	char type[64], url[512], text[400], entry[64];
	char body[1024];
	size_t body_len;
	uint64_t ms; /**< after the question */
	uint64_t asked_at;
};

struct fixture {
	struct redis_server redis_server;
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;
	pid_t fetcher;
	uint16_t health_port;
	uint16_t app_port;   /**< of hostile.c at APP_ADDRESS */
	uint16_t other_port; /**< the same at OTHER_ADDRESS */
	char ca_file[64];    /**< set before fixture_set_up(); "" = none */
	struct answer answers[ANSWERS_MAX];
	size_t n_answers;
};

extern struct fixture fixture;

int fixture_set_up(void **state); /**< cmocka group fixtures */
int fixture_tear_down(void **state);

void fixture_start_fetcher(void); /**< returns when it is found on the bus */

/** What is asked; NULL or 0 = the default */
struct question {
	const char *account; /**< ACCOUNT */
	const char *method;  /**< POST */
	const char *url;     /**< "/…" is at the application's address */
	const char *key;     /**< none */
	uint32_t timeout_ms; /**< 16000 */
	bool notify;         /**< a NotifyRequest in place of a FetchRequest */
	bool first;          /**< nothing was asked for CALL before */
};

/** Ask and go on. @return the answer-to-be, which has not come yet */
struct answer *ask_later(const struct question *q);

/** Run the loop until it came. */
void await_answer(struct answer *a);

/** Both. */
struct answer *ask(const struct question *q);

/** A document from the application, by its path. */
struct answer *fetch(const char *path);

/** Run the loop until the application saw @p n requests. */
void await_requests(unsigned n);

/** Run the loop until a redis-cli line prints exactly @p want. */
void await_redis(const char *words, const char *want);

/** The value of a header of the n-th request, "" = none; static. */
const char *header(unsigned n, const char *name);

/** An absolute URL at the application; static, four in turn. */
const char *app_url(const char *path);

#endif
