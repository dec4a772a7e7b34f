/*
 * snapshots.c - what of a call is written down
 */
#include "snapshots.h"

#include "unit/test.h"

struct fields *saved_fields(const struct call *call)
{
	struct fields *f = malloc(sizeof(*f));

	assert_non_null(f);
	fields_init(f);
	assert_int_equal(0, call_save(call, f));
	return f;
}

void saved_discard(struct fields *f)
{
	fields_close(f);
	free(f);
}

void saved_compare(const struct fields *a, const struct fields *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_int_equal(a->v[i].group, b->v[i].group);
		assert_string_equal(a->v[i].key, b->v[i].key);
		assert_string_equal(a->v[i].name, b->v[i].name);
		assert_string_equal(a->v[i].value, b->v[i].value);
	}
}
