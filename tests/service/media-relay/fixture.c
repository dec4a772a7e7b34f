/*
 * fixture.c - a relay, and for each test a session and two phones of its own
 */
#include "fixture.h"

#include "unit/test.h"

int fixture_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	world_open(&f->world);
	world_start_relay(&f->world, NULL);
	world_wait_relay(&f->world);
	*state = f;
	return 0;
}

int fixture_close(void **state)
{
	struct fixture *f = *state;

	world_close(&f->world);
	free(f);
	return 0;
}

struct fixture *fixture_begin(void **state)
{
	static unsigned number;
	struct fixture *f = *state;
	char session[40];

	number++;
	(void)snprintf(session, sizeof(session), "MS%032x", number);
	phone_open(&f->a, &f->world, 10 + 2 * number);
	phone_open(&f->b, &f->world, 11 + 2 * number);
	call_put(&f->call, session, &f->a, &f->b);
	f->world.n_events = 0;
	return f;
}

void fixture_put(struct fixture *f)
{
	assert_true(world_put(&f->world, &f->call.put, 1));
	f->a.relay_port = world_leg(&f->world, f->call.names[0])->port;
	f->b.relay_port = world_leg(&f->world, f->call.names[1])->port;
	f->call.put.version++;
}

void fixture_talk(struct fixture *f)
{
	fixture_put(f);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1000));
	assert_true(phone_reaches(&f->b, &f->a, 96, 1000));
}

void fixture_end(struct fixture *f)
{
	assert_true(world_release(&f->world, f->call.session, 1));
	phone_close(&f->a);
	phone_close(&f->b);
}
