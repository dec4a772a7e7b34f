/*
 * test_owned.c - the memory of acknowledged bindings
 */
#include "core/owned.h"

#include "unit/oom.h"
#include "unit/test.h"

static void put(struct owned *o, const char *aor, const char *key,
                const char *json, uint64_t expires_ms)
{
	const struct owned_binding b = {key, json, expires_ms};

	owned_put(o, aor, &b);
}

/* All that is remembered, in the order of the walk: "aor key=json …" */
static const char *dump(struct owned *o)
{
	static char out[4096];
	struct owned_binding b[BINDINGS_MAX];
	const struct owned_aor *a;
	size_t used = 0;

	out[0] = '\0';
	owned_rewind(o);
	while ((a = owned_next(o))) {
		size_t n = owned_aor_bindings(a, b);

		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%s",
		                         used ? " " : "", owned_aor_name(a));
		for (size_t i = 0; i < n; i++)
			used += (size_t)snprintf(out + used, sizeof(out) - used,
			                         " %s=%s", b[i].key, b[i].json);
	}
	return out;
}

static void a_refresh_replaces_what_was_remembered(void **state)
{
	struct owned *o;

	(void)state;
	assert_int_equal(0, owned_alloc(&o, 10));
	put(o, "a@d", "k1", "1", 100);
	put(o, "b@d", "k1", "2", 100);
	put(o, "a@d", "k2", "3", 100);
	put(o, "b@d", "k1", "4", 200);
	assert_string_equal("a@d k1=1 k2=3 b@d k1=4", dump(o));
	assert_int_equal(2, owned_count(o));
	owned_free(o);
}

static void what_is_not_kept_is_forgotten(void **state)
{
	const char *const keys[] = {"k2", "k9"};
	struct owned *o;

	(void)state;
	assert_int_equal(0, owned_alloc(&o, 10));
	put(o, "a@d", "k1", "1", 100);
	put(o, "a@d", "k2", "2", 100);
	put(o, "b@d", "k1", "3", 100);
	owned_keep(o, "a@d", keys, 2);
	owned_keep(o, "c@d", keys, 2);
	assert_string_equal("a@d k2=2 b@d k1=3", dump(o));
	owned_keep(o, "b@d", NULL, 0);
	assert_string_equal("a@d k2=2", dump(o));
	owned_free(o);
}

static void the_quietest_makes_room(void **state)
{
	struct owned *o;

	(void)state;
	assert_int_equal(0, owned_alloc(&o, 2));
	put(o, "a@d", "k", "1", 100);
	put(o, "b@d", "k", "2", 100);
	put(o, "a@d", "k", "3", 100);
	put(o, "c@d", "k", "4", 100);
	assert_string_equal("a@d k=3 c@d k=4", dump(o));
	owned_free(o);
}

static void an_aor_remembers_no_more_than_the_limit(void **state)
{
	struct owned_binding b[BINDINGS_MAX];
	struct owned *o;
	char key[16];

	(void)state;
	assert_int_equal(0, owned_alloc(&o, 2));
	for (int i = 0; i < BINDINGS_MAX + 5; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		put(o, "a@d", key, "1", 100);
	}
	owned_rewind(o);
	assert_int_equal(BINDINGS_MAX, owned_aor_bindings(owned_next(o), b));
	owned_free(o);
}

static void what_ended_is_forgotten(void **state)
{
	struct owned *o;

	(void)state;
	assert_int_equal(0, owned_alloc(&o, 10));
	put(o, "a@d", "k", "1", 100);
	put(o, "b@d", "k", "2", 300);
	put(o, "b@d", "j", "3", 100);
	put(o, "c@d", "k", "4", 100);
	owned_expire(o, 100, 10);
	assert_string_equal("b@d k=2 c@d k=4", dump(o));
	owned_expire(o, 300, 1);
	assert_string_equal("c@d k=4", dump(o));
	owned_expire(o, 300, 10);
	assert_string_equal("", dump(o));
	owned_free(o);
}

static void a_walk_survives_changes(void **state)
{
	struct owned *o;

	(void)state;
	assert_int_equal(0, owned_alloc(&o, 10));
	put(o, "a@d", "k", "1", 100);
	put(o, "b@d", "k", "2", 100);
	put(o, "c@d", "k", "3", 100);
	owned_rewind(o);
	assert_string_equal("a@d", owned_aor_name(owned_next(o)));
	owned_keep(o, "b@d", NULL, 0);
	put(o, "a@d", "k", "4", 100);
	assert_string_equal("c@d", owned_aor_name(owned_next(o)));
	assert_string_equal("a@d", owned_aor_name(owned_next(o)));
	assert_null(owned_next(o));
	owned_free(o);
}

static int fill(struct owned **op)
{
	int err = owned_alloc(op, 4);

	for (int i = 0; !err && i < 100; i++) {
		char aor[16];

		(void)snprintf(aor, sizeof(aor), "u%d@d", i % 7);
		put(*op, aor, i % 2 ? "x" : "y", "1", 100);
	}
	return err;
}

static void a_table_survives_without_memory(void **state)
{
	struct owned *o;

	(void)state;
	OOM_EACH(fill(&o), owned_free(o));
}

TEST_MAIN(cmocka_unit_test(a_refresh_replaces_what_was_remembered),
          cmocka_unit_test(what_is_not_kept_is_forgotten),
          cmocka_unit_test(the_quietest_makes_room),
          cmocka_unit_test(an_aor_remembers_no_more_than_the_limit),
          cmocka_unit_test(what_ended_is_forgotten),
          cmocka_unit_test(a_walk_survives_changes),
          cmocka_unit_test(a_table_survives_without_memory))
