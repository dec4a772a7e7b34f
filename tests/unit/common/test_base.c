/*
 * test_base.c - strings, forms, identifiers, the hash table
 */
#include <jansson.h>

#include "base/form.h"
#include "base/hash.h"
#include "base/json_text.h"
#include "base/sid.h"
#include "base/strbuf.h"

#include "unit/oom.h"
#include "unit/test.h"

static void strbuf_builds_text_of_any_length(void **state)
{
	struct strbuf b = {0};
	char *s;

	(void)state;
	assert_string_equal("", strbuf_str(&b));
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&b, "%d,", i);
	strbuf_addf(&b, "%*s", 5000, "x");
	assert_int_equal(3890 + 5000, b.len);
	assert_memory_equal("0,1,2,3", b.s, 7);
	strbuf_reset(&b);
	strbuf_add(&b, "ab");
	strbuf_addc(&b, 'c');
	strbuf_addn(&b, "defg", 2);
	s = strbuf_take(&b);
	assert_string_equal("abcde", s);
	assert_int_equal(0, b.len);
	free(s);
}

static void strbuf_take_of_nothing_is_an_empty_text(void **state)
{
	struct strbuf b = {0};
	char *s = strbuf_take(&b);

	(void)state;
	assert_string_equal("", s);
	free(s);
}

static int build(void)
{
	struct strbuf b = {0};
	char *s;

	for (int i = 0; i < 40; i++)
		strbuf_add(&b, "0123456789");
	s = strbuf_take(&b);
	free(s);
	return s ? 0 : ENOMEM;
}

static void strbuf_says_so_when_memory_runs_out(void **state)
{
	(void)state;
	OOM_EACH(build(), (void)0);
}

static void forms_are_escaped_as_browsers_do_it(void **state)
{
	struct strbuf b = {0};

	(void)state;
	form_add(&b, "To", "+1 (415) 555~");
	form_add(&b, "a*-._", "\xc3\xa9&=%");
	assert_string_equal("To=%2B1+%28415%29+555%7E&a*-._=%C3%A9%26%3D%25",
	                    strbuf_str(&b));
	strbuf_reset(&b);
	form_escape(&b, "a b~*+", 6);
	assert_string_equal("a%20b~%2A%2B", strbuf_str(&b));
	strbuf_close(&b);
}

static int collect(void *arg, const char *name, const char *value)
{
	strbuf_addf(arg, "[%s|%s]", name, value);
	return strcmp(name, "stop") == 0 ? ECANCELED : 0;
}

static void forms_are_parsed(void **state)
{
	static const struct {
		const char *form;
		int err;
		const char *pairs;
	} rows[] = {
		{"", 0, ""},
		{"a=1&b=2", 0, "[a|1][b|2]"},
		{"a", 0, "[a|]"},
		{"&&a=&=b&", 0, "[a|][|b]"},
		{"a=b=c", 0, "[a|b=c]"},
		{"a+b=%2B%c3%A9", 0, "[a b|+\xc3\xa9]"},
		{"a=%", EINVAL, ""},
		{"a=%2", EINVAL, ""},
		{"a=%zz", EINVAL, ""},
		{"a=%00", EINVAL, ""},
		{"stop=1&b=2", ECANCELED, "[stop|1]"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct strbuf b = {0};

		assert_int_equal(rows[i].err,
		                 form_parse(rows[i].form, strlen(rows[i].form),
		                            collect, &b));
		assert_string_equal(rows[i].pairs, strbuf_str(&b));
		strbuf_close(&b);
	}
}

static void a_form_of_too_many_pairs_is_refused(void **state)
{
	struct strbuf form = {0}, out = {0};

	(void)state;
	for (int i = 0; i < FORM_PAIRS_MAX; i++)
		form_add(&form, "a", "b");
	assert_int_equal(0, form_parse(form.s, form.len, collect, &out));
	form_add(&form, "a", "b");
	assert_int_equal(E2BIG, form_parse(form.s, form.len, collect, &out));
	strbuf_close(&form);
	strbuf_close(&out);
}

static void a_sid_is_two_letters_and_32_hex_digits(void **state)
{
	char a[SID_SIZE], b[SID_SIZE];

	(void)state;
	sid_make("CA", a);
	sid_make("CA", b);
	assert_true(sid_valid(a, "CA"));
	assert_false(sid_valid(a, "AC"));
	assert_string_not_equal(a, b);
	assert_false(sid_valid("CA0123456789abcdef0123456789abcde", "CA"));
	assert_true(sid_valid("CA0123456789abcdef0123456789abcdef", "CA"));
	assert_false(sid_valid("CA0123456789abcdef0123456789abcdef0", "CA"));
	assert_false(sid_valid("CA0123456789ABCDEF0123456789abcdef", "CA"));
	assert_false(sid_valid("CA", "CA"));
	assert_false(sid_valid("", "CA"));
	assert_false(sid_valid(NULL, "CA"));
}

enum { ENTRIES = 5000 };

struct entry {
	struct hash_entry node;
	char name[16];
};

static void a_hash_finds_each_of_many_entries(void **state)
{
	static struct entry entries[ENTRIES];
	struct hash h;

	(void)state;
	assert_int_equal(0, hash_init(&h));
	for (int i = 0; i < ENTRIES; i++) {
		(void)snprintf(entries[i].name, sizeof(entries[i].name), "k%d",
		               i);
		hash_add(&h, &entries[i].node, entries[i].name);
	}
	for (int i = 0; i < ENTRIES; i += 2)
		hash_remove(&h, &entries[i].node);
	assert_int_equal(ENTRIES / 2, h.n);
	for (int i = 0; i < ENTRIES; i++) {
		struct hash_entry *e = hash_find(&h, entries[i].name);

		if (i % 2 == 0)
			assert_null(e);
		else
			assert_ptr_equal(&entries[i],
			                 hash_object(e, struct entry, node));
	}
	hash_close(&h);
}

static void entries_may_be_removed_while_iterating(void **state)
{
	static struct entry entries[100];
	struct hash_iter it;
	struct hash_entry *e;
	struct hash h;
	int seen = 0;

	(void)state;
	assert_int_equal(0, hash_init(&h));
	for (int i = 0; i < 100; i++) {
		(void)snprintf(entries[i].name, sizeof(entries[i].name), "k%d",
		               i);
		hash_add(&h, &entries[i].node, entries[i].name);
	}
	it = hash_iter(&h);
	while ((e = hash_next(&it)) != NULL) {
		hash_remove(&h, e);
		memset(e, 0xff, sizeof(*e));
		seen++;
	}
	assert_int_equal(100, seen);
	assert_int_equal(0, h.n);
	hash_close(&h);
}

static void a_hash_works_on_when_it_can_not_grow(void **state)
{
	static struct entry entries[100];
	struct hash h;

	(void)state;
	OOM_EACH(hash_init(&h), hash_close(&h));
	assert_int_equal(0, hash_init(&h));
	oom_grant(0);
	for (int i = 0; i < 100; i++) {
		(void)snprintf(entries[i].name, sizeof(entries[i].name), "k%d",
		               i);
		hash_add(&h, &entries[i].node, entries[i].name);
	}
	oom_grant(-1);
	assert_non_null(hash_find(&h, "k99"));
	hash_close(&h);
}

static void the_hash_is_fnv_1a(void **state)
{
	(void)state;
	assert_true(hash_bytes("", 0, 0) == 0xcbf29ce484222325U);
	assert_true(hash_bytes("a", 1, 0) == 0xaf63dc4c8601ec8cU);
	assert_true(hash_bytes("foobar", 6, 0) == 0x85944171f73967e8U);
}

/* --- JSON ---------------------------------------------------------------- */

static void json_is_readable_whatever_the_text_is(void **state)
{
	const char *texts[] = {
		"plain",
		"a \"quote\" and \\",
		"tab\tline\n",
		"gr\xc3\xbc\xc3\x9f",
		"\xf0\x9f\x98\x80",
		"latin \xe9",
		"\xed\xa0\x80",
		"\xc0\x80",
		"cut \xe2\x82",
		"\xf4\x90\x80\x80",
		"\xff\xfe",
	};
	const char *read[] = {
		"plain",
		"a \"quote\" and \\",
		"tab\tline\n",
		"gr\xc3\xbc\xc3\x9f",
		"\xf0\x9f\x98\x80",
		"latin \xc3\xa9",
		NULL,
		NULL,
		NULL,
		NULL,
		NULL,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct strbuf b = {0};
		json_t *o;

		strbuf_addc(&b, '{');
		json_text_member(&b, "text", texts[i]);
		json_text_number(&b, "most", UINT64_MAX / 2);
		json_text_number(&b, "none", 0);
		json_text_bool(&b, "yes", 1);
		strbuf_addc(&b, '}');
		o = json_loads(strbuf_str(&b), 0, NULL);
		assert_non_null(o);
		if (read[i])
			assert_string_equal(
				read[i],
				json_string_value(json_object_get(o, "text")));
		assert_int_equal(INT64_MAX, json_integer_value(json_object_get(
						    o, "most")));
		assert_int_equal(
			0, json_integer_value(json_object_get(o, "none")));
		assert_true(json_is_true(json_object_get(o, "yes")));
		json_decref(o);
		strbuf_close(&b);
	}
}

TEST_MAIN(cmocka_unit_test(strbuf_builds_text_of_any_length),
          cmocka_unit_test(strbuf_take_of_nothing_is_an_empty_text),
          cmocka_unit_test(strbuf_says_so_when_memory_runs_out),
          cmocka_unit_test(forms_are_escaped_as_browsers_do_it),
          cmocka_unit_test(forms_are_parsed),
          cmocka_unit_test(a_form_of_too_many_pairs_is_refused),
          cmocka_unit_test(a_sid_is_two_letters_and_32_hex_digits),
          cmocka_unit_test(a_hash_finds_each_of_many_entries),
          cmocka_unit_test(entries_may_be_removed_while_iterating),
          cmocka_unit_test(a_hash_works_on_when_it_can_not_grow),
          cmocka_unit_test(the_hash_is_fnv_1a),
          cmocka_unit_test(json_is_readable_whatever_the_text_is))
