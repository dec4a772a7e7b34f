/*
 * test_keys.c - presses that are told by SIP INFO, in the media, or in both
 */
#include <stdlib.h>

#include "unit/test.h"

#include "core/keys.h"

static const struct {
	const char *name;
	const char *told; /* "i" INFO or "m" media, key, "@" ms; … */
	const char *presses;
} cases[] = {
	{"by INFO", "i1@0 i1@90 i2@180", "112"},
	{"in the media", "m1@0 m1@90 m2@180", "112"},
	{"in both ways", "i1@0 m1@90 i1@200 m1@290 i2@400 m2@420", "112"},
	{"media first", "m1@0 i1@20 m1@100 i1@110", "11"},
	{"two of one kind before the other", "i1@0 i1@90 m1@100 m1@190", "11"},
	{"keys that overtake", "i1@0 i2@90 m2@100 m1@190 i3@300", "123"},
	{"one report is lost", "i1@0 m1@90 m2@300 i3@500 m3@550 i4@800",
         "1234"},
	{"another way much later", "i1@0 m1@2000", "11"},
	{"another way in time", "i1@0 m1@1999", "1"},
	{"many of one kind",
         "i1@0 i2@1 i3@2 i4@3 i5@4 i6@5 i7@6 i8@7 i9@8 m9@9", "123456789"},
	{"the ninth forgets the first",
         "i1@0 i2@1 i3@2 i4@3 i5@4 i6@5 i7@6 i8@7 i9@8 m1@9", "1234567891"},
};

static void each_press_is_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct keys keys = {.n = 0};
		char got[32] = "";
		size_t n = 0;

		for (const char *at = cases[i].told; *at;) {
			uint64_t ms = strtoull(at + 3, NULL, 10);

			if (keys_take(&keys, at[1], at[0] == 'i', ms + 1000))
				got[n++] = at[1];
			at += strcspn(at, " ");
			at += strspn(at, " ");
		}
		if (strcmp(got, cases[i].presses) != 0)
			fail_msg("%s: %s", cases[i].name, got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_press_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
