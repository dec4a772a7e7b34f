/*
 * test_caller.c - who a callee sees calling
 */
#include "unit/test.h"

#include "core/arena.h"
#include "core/caller.h"

struct row {
	const char *name;
	enum resolve_kind kind;
	const char *wish, *from, *to, *domain_default;
	bool by_phone, owned;
	const char *shown; /* NULL = nobody */
};

#define N RESOLVE_NUMBER
#define U RESOLVE_URI
#define A "+14155550100"
#define B "+14155550199"

// clang-format off
static const struct row rows[] = {
	{"a user sees who called", U, "", "sip:alice@a.example", "sip:bob@a.example", A, true, false, "alice"},
	{"a user sees the wish as it is", U, "Reception", "sip:alice@a.example", "sip:bob@a.example", A, true, false, "Reception"},
	{"a wish as people write it", N, "(415) 555-0100", "sip:alice@a.example", "sip:1@a.example", "", true, true, A},
	{"a wish in E.164 that is owned", N, A, "sip:alice@a.example", "sip:1@a.example", B, true, true, A},
	{"a wish that is not owned has nobody in its place", N, B, "sip:alice@a.example", "sip:1@a.example", A, true, false, NULL},
	{"a phone that is no number has the default", N, "", "sip:alice@a.example", "sip:1@a.example", A, true, true, A},
	{"a phone that is no number, and no default", N, "", "sip:alice@a.example", "sip:1@a.example", "", true, true, NULL},
	{"a phone that is a number of ours", N, "", "sip:" B "@a.example", "sip:1@a.example", A, true, true, B},
	{"a phone that is another number has the default", N, "", "sip:" B "@a.example", "sip:1@a.example", A, true, false, A},
	{"a carrier's caller may go on to a carrier", N, "", B, A, "", false, false, B},
	{"a carrier's callee may be shown", N, A, B, A, "", false, false, A},
	{"a number that a carrier did not say may not", N, "+14155550122", B, A, "", false, false, NULL},
};
// clang-format on

static void who_is_shown(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct row *r = &rows[i];
		const struct caller_facts facts = {
			r->kind, r->wish,           r->from,
			r->to,   r->domain_default, r->by_phone};
		struct caller_choice choice;
		const char *shown = NULL;

		if (caller_pick(&arena, &facts, &choice))
			shown = caller_shown(r->kind, &choice, r->owned);
		if (!shown != !r->shown ||
		    (shown && strcmp(shown, r->shown) != 0))
			fail_msg("%s: %s", r->name, shown ? shown : "nobody");
	}
	arena_close(&arena);
}

static void the_api_shows_its_caller_id_else_its_from(void **state)
{
	char out[CALLER_SIZE];

	(void)state;
	caller_of_api("", "sip:desk@a.example", out);
	assert_string_equal("desk", out);
	caller_of_api(A, B, out);
	assert_string_equal(A, out);
	caller_of_api("", B, out);
	assert_string_equal(B, out);
}

TEST_MAIN(cmocka_unit_test(who_is_shown),
          cmocka_unit_test(the_api_shows_its_caller_id_else_its_from))
