/*
 * test_suggest.c - "did you mean": the word nearest to a misspelt one
 */
#include "unit/test.h"

#include "core/suggest.h"

static const char *nearest(const char *word)
{
	static const char *const all[] = {"voice_url", "voice_bin", "secure",
	                                  "sid"};
	struct suggestion s = {0};

	for (size_t i = 0; i < N_OF(all); i++)
		suggest_try(&s, word, all[i]);
	return s.word ? s.word : "";
}

static void the_nearest_word_is_suggested(void **state)
{
	(void)state;
	assert_string_equal("voice_url", nearest("voice_ulr"));
	assert_string_equal("voice_bin", nearest("voicebin"));
	assert_string_equal("secure", nearest("secur"));
	assert_string_equal("sid", nearest("sid"));
}

static void a_word_that_is_like_none_gets_no_suggestion(void **state)
{
	char longest[SUGGEST_WORD_MAX + 2];

	(void)state;
	assert_string_equal("", nearest("completely-different"));
	assert_string_equal("", nearest("x"));
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_string_equal("", nearest(longest));
}

TEST_MAIN(cmocka_unit_test(the_nearest_word_is_suggested),
          cmocka_unit_test(a_word_that_is_like_none_gets_no_suggestion))
