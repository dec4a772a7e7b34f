/*
 * fixture.h - a relay, and for each test a session and two phones of its own
 */
#ifndef TEST_MEDIA_FIXTURE_H
#define TEST_MEDIA_FIXTURE_H

#include "world.h"

struct fixture {
	struct world world;
	struct phone a, b;
	struct call_put call;
};

/** Of a group of tests, cmocka's */
int fixture_open(void **state);
int fixture_close(void **state);

/** At the start of each test */
struct fixture *fixture_begin(void **state);

/** Put the session as f->call says; its version grows. */
void fixture_put(struct fixture *f);

/** Put it, and let both phones hear each other. */
void fixture_talk(struct fixture *f);

/** Release it. */
void fixture_end(struct fixture *f);

#endif
