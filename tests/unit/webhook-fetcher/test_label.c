/*
 * test_label.c - what a kept file is: written, read again, damaged
 */
#include "unit/test.h"

#include "core/label.h"

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct label plain = {
	.key = KEY,
	.version = "ME1",
	.type = "audio/wav",
	.bytes = 48213,
	.fresh_until_ms = 1795372215248,
	.etag = "\"33a6: 4df5\"",
	.last_modified = "Sun, 22 Nov 2026 18:30:15 GMT",
};

static void what_is_written_is_read_again(void **state)
{
	char text[LABEL_SIZE];
	struct label longest = plain, none = plain, got;

	(void)state;
	memset(longest.etag, 'e', sizeof(longest.etag) - 1);
	memset(longest.last_modified, 'l', sizeof(longest.last_modified) - 1);
	memset(longest.version, 'v', sizeof(longest.version) - 1);
	memset(longest.type, 't', sizeof(longest.type) - 1);
	longest.bytes = UINT64_MAX;
	none.etag[0] = none.last_modified[0] = '\0';
	none.fresh_until_ms = 0;
	for (size_t i = 0; i < 3; i++) {
		const struct label *l = i == 0   ? &plain
		                        : i == 1 ? &longest
		                                 : &none;

		label_write(l, text);
		assert_true(label_read(&got, text));
		assert_string_equal(l->key, got.key);
		assert_string_equal(l->version, got.version);
		assert_string_equal(l->type, got.type);
		assert_string_equal(l->etag, got.etag);
		assert_string_equal(l->last_modified, got.last_modified);
		assert_true(l->bytes == got.bytes);
		assert_true(l->fresh_until_ms == got.fresh_until_ms);
	}
}

static void people_can_read_it(void **state)
{
	static const char words[] =
		"trestle-audio 1\nkey: " KEY "\nversion: ME1\ntype: audio/wav\n"
		"bytes: 48213\nfresh-until: 2026-11-22T18:30:15.248Z\n";
	char text[LABEL_SIZE];

	(void)state;
	label_write(&plain, text);
	assert_memory_equal(words, text, sizeof(words) - 1);
	assert_int_equal(' ', text[LABEL_SIZE - 1]);
}

#define FIRST "trestle-audio 1\n"
#define REST  "key: " KEY "\nversion: 1\ntype: audio/wav\nbytes: 5\n"

static void what_is_no_label_is_refused(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{FIRST REST "\n", true},
		{FIRST REST "colour: red\n\n", true},
		{"", false},
		{"RIFF....WAVEfmt ", false},
		{"trestle-audio 2\n" REST "\n", false},
		{FIRST REST, false},
		{FIRST "\n", false},
		{FIRST "key: " KEY "\nversion: 1\ntype: audio/wav\n\n", false},
		{FIRST REST "bytes: 0\n\n", false},
		{FIRST REST "bytes: -5\n\n", false},
		{FIRST REST "bytes: 5x\n\n", false},
		{FIRST REST "key: " KEY "0\n\n", false},
		{FIRST REST "key: ../etc/passwd\n\n", false},
		{FIRST REST "version: \n\n", false},
		{FIRST REST "version: 123456789012345678901234567890123456\n\n",
	         false},
		{FIRST REST "nonsense\n\n", false},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char text[LABEL_SIZE];
		struct label l;

		memset(text, 0, sizeof(text));
		memcpy(text, rows[i].text, strlen(rows[i].text));
		if (label_read(&l, text) != rows[i].good)
			fail_msg("%s", rows[i].text);
	}
}

TEST_MAIN(cmocka_unit_test(what_is_written_is_read_again),
          cmocka_unit_test(people_can_read_it),
          cmocka_unit_test(what_is_no_label_is_refused))
