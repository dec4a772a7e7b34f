/*
 * harness.h - real processes for service tests: Redis, our own, and waiting
 *
 * Everything started here dies with the test program. Failures to start end
 * the test (cmocka's fail()).
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

struct loop;

/** A port of 127.0.0.1 that nobody listens on (TCP) at the moment. */
uint16_t free_port(void);

struct redis_server {
	pid_t pid;
	int out; /* its standard output */
	uint16_t port;
	char url[64]; /* for redis_alloc(), TRESTLE_REDIS */
};

/** @p port 0: a free one. Returns when it takes connections. */
void redis_server_start(struct redis_server *s, uint16_t port);
void redis_server_stop(struct redis_server *s); /**< SIGKILL; may be repeated */

/** Run a redis-cli command line, "SET a b"; its output must hold @p expect
 *  (NULL: anything). */
void redis_cli(const struct redis_server *s, const char *words,
               const char *expect);

/**
 * Start a program with "NAME=value" settings beside those of the test.
 *
 * @param path TRESTLE_BIN "/trestle-registrar"
 * @param env  ends with NULL; or NULL
 */
pid_t process_start(const char *path, const char *const *env);

/** Send a signal, wait for the end. @return its exit status, or -signal */
int process_stop(pid_t pid, int sig);

/** GET from 127.0.0.1 and wait for the reply at most @p ms.
 *  @return the status, 0 = none came; the body is cut to @p size */
int http_get(uint16_t port, const char *path, char *body, size_t size);

/** What /metrics says: the sum of the lines that begin with @p name, a name with as
 *  many of its labels as matter; 0 when there is none. */
double metric_sum(uint16_t port, const char *name);

/** Ask /healthz until it says 200 and nothing but "ok". */
void wait_healthy(uint16_t port);

/**
 * Run the loop until @p done says true or @p ms are over.
 * @return what it said last
 */
bool run_until(struct loop *loop, bool (*done)(void *arg), void *arg,
               uint32_t ms);

#endif
