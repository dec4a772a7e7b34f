/*
 * test_peers.c - which instance a key belongs to, and who is chosen
 */
#include "bus/peers_set.h"

#include "bus/rendezvous.h"
#include "unit/oom.h"
#include "unit/test.h"

static struct peer_node *add(struct peers *p, const char *service,
                             const char *instance, uint32_t load, bool draining)
{
	struct peer_entry e = {.service = service,
	                       .instance = instance,
	                       .endpoint = "tcp://127.0.0.1:1",
	                       .sip = "",
	                       .http = "",
	                       .started = "",
	                       .load = load,
	                       .draining = draining};
	struct peer_node *node = peers_add(p, &e);

	if (node)
		node->peer.alive = true;
	return node;
}

static void keys_are_spread_evenly(void **state)
{
	enum { N = 5, KEYS = 20000 };
	int count[N] = {0};

	(void)state;
	for (int k = 0; k < KEYS; k++) {
		uint64_t best = 0;
		int who = 0;
		char key[32], name[32];

		(void)snprintf(key, sizeof(key), "%d@host", k);
		for (int i = 0; i < N; i++) {
			uint64_t score;

			(void)snprintf(name, sizeof(name), "controller-%d", i);
			score = rendezvous_score(rendezvous_sum(key),
			                         rendezvous_sum(name));
			if (score > best) {
				best = score;
				who = i;
			}
		}
		count[who]++;
	}
	for (int i = 0; i < N; i++)
		assert_in_range(count[i], KEYS / N * 9 / 10,
		                KEYS / N * 11 / 10);
}

static void only_the_keys_of_the_one_that_goes_move(void **state)
{
	struct peers p = {0};
	struct peer_node *gone;
	int moved = 0;

	(void)state;
	add(&p, "c", "c-1", 0, false);
	gone = add(&p, "c", "c-2", 0, false);
	add(&p, "c", "c-3", 0, false);
	add(&p, "other", "c-4", 0, false);
	for (int k = 0; k < 1000; k++) {
		const struct peer *before, *after;
		char key[16];

		(void)snprintf(key, sizeof(key), "key%d", k);
		gone->peer.alive = true;
		before = peers_pick(&p, "c", key);
		gone->peer.alive = false;
		after = peers_pick(&p, "c", key);
		assert_string_not_equal("c-2", after->instance);
		if (before != after) {
			assert_ptr_equal(&gone->peer, before);
			moved++;
		}
	}
	assert_in_range(moved, 250, 420);
	peers_close(&p);
}

static void without_a_key_the_least_loaded_is_chosen(void **state)
{
	struct peers p = {0};
	struct peer_node *a = add(&p, "c", "c-1", 5, false);
	struct peer_node *b = add(&p, "c", "c-2", 3, false);

	(void)state;
	assert_ptr_equal(b, peers_choose(&p, "c", NULL, NULL));
	b->in_flight = 3; /* ours that its own figure does not know yet */
	assert_ptr_equal(a, peers_choose(&p, "c", NULL, NULL));
	assert_ptr_equal(b, peers_choose(&p, "c", NULL, a));
	peers_close(&p);
}

static void one_that_drains_is_the_last_resort(void **state)
{
	struct peers p = {0};
	struct peer_node *a = add(&p, "c", "c-1", 0, true);
	struct peer_node *b = add(&p, "c", "c-2", 9, false);

	(void)state;
	assert_ptr_equal(b, peers_choose(&p, "c", NULL, NULL));
	b->peer.alive = false;
	assert_ptr_equal(a, peers_choose(&p, "c", "key", NULL));
	a->peer.alive = false;
	assert_null(peers_choose(&p, "c", "key", NULL));
	peers_close(&p);
}

static void peers_are_found_by_name_and_number(void **state)
{
	struct peers p = {0};

	(void)state;
	add(&p, "c", "c-1", 0, false);
	add(&p, "d", "d-1", 0, false);
	assert_string_equal("d-1", peers_find(&p, "d", "d-1")->instance);
	assert_null(peers_find(&p, "c", "d-1"));
	assert_string_equal("d-1", peers_nth(&p, "d", 0)->instance);
	assert_null(peers_nth(&p, "d", 1));
	assert_null(peers_pick(&p, "x", NULL));
	peers_remove(&p, peers_node(&p, "c", "c-1"));
	assert_null(peers_find(&p, "c", "c-1"));
	peers_close(&p);
}

static void names_have_a_limit(void **state)
{
	struct peers p = {0};
	char name[PEER_NAME_MAX + 1];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_null(add(&p, "c", name, 0, false));
	assert_null(add(&p, "c", "", 0, false));
	name[sizeof(name) - 2] = '\0';
	assert_non_null(add(&p, "c", name, 0, false));
	peers_close(&p);
}

static int make(struct peers *p)
{
	return add(p, "c", "c-1", 0, false) ? 0 : ENOMEM;
}

static void peers_survive_without_memory(void **state)
{
	struct peers p = {0};

	(void)state;
	OOM_EACH(make(&p), peers_close(&p));
	peers_close(&p);
}

TEST_MAIN(cmocka_unit_test(keys_are_spread_evenly),
          cmocka_unit_test(only_the_keys_of_the_one_that_goes_move),
          cmocka_unit_test(without_a_key_the_least_loaded_is_chosen),
          cmocka_unit_test(one_that_drains_is_the_last_resort),
          cmocka_unit_test(peers_are_found_by_name_and_number),
          cmocka_unit_test(names_have_a_limit),
          cmocka_unit_test(peers_survive_without_memory))
