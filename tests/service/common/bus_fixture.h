/*
 * bus_fixture.h - a client and two servers on the bus, found by a real Redis
 *
 * Several buses share the loop of the test.
 */
#ifndef TESTS_BUS_FIXTURE_H
#define TESTS_BUS_FIXTURE_H

#include "bus/bus.h"

#include "service/harness.h"

enum { SERVERS = 2 };

struct server {
	struct bus *bus;
	int requests;
	char key[32];
	char call_sid[40];
	bool silent;   /* does not answer */
	bool overload; /* refuses */
	bool later;    /* keeps `from` for the test */
	struct bus_return from;
};

struct fixture {
	struct redis_server redis_server;
	struct loop *loop;
	struct redis *redis;
	struct metrics *metrics;
	struct bus *client;
	struct server servers[SERVERS];
	int replies;
	int err;
	int body;
	int reason;
	char text[64];
};

extern const struct log quiet;
extern const char *const wants[]; /**< the client's: registrars */
extern const struct bus_req plain, retried;

int setup(void **state);
int teardown(void **state);

/** Answer a look-up with @p text. */
void lookup_reply(struct bus *bus, const struct bus_return *to,
                  const char *text);
/** A request came to the struct server @p arg. */
void serve(void *arg, const struct bus_return *from,
           const Trestle__Envelope *env);
void on_reply(void *arg, int err, const Trestle__Envelope *reply);
/** Of a bus on the loop of the fixture */
struct bus_config config(struct fixture *f, const char *service,
                         const char *instance);
/** registrar-1 (0) or registrar-2 (1) */
void open_server(struct fixture *f, int i);
void close_server(struct fixture *f, int i);

/* Of registrars, as the client knows them; and what came. For run_until(), of
 * the fixture. */
bool none_alive(void *arg);
bool one_alive(void *arg);
bool two_alive(void *arg);
bool one_reply(void *arg);
bool one_request(void *arg);

/** A look-up by the client; wait_reply() takes what comes of it. */
void ask_for(struct fixture *f, const struct bus_req *req);
/** @p err is what the reply must say, @p ms how long it may take. */
void wait_reply(struct fixture *f, int err, uint32_t ms);

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
