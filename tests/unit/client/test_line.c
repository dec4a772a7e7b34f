/*
 * test_line.c - a command line: words, and parameters of the API
 */
#include "unit/test.h"

#include "base/strbuf.h"
#include "core/line.h"
#include "core/noun.h"

static const struct {
	const char *option, *param; /* NULL = none */
} params[] = {
	{"voice-url", "VoiceUrl"},
	{"VoiceUrl", "VoiceUrl"},
	{"to", "To"},
	{"start-time-from", "StartTime>"},
	{"start-time-until", "StartTime<"},
	{"from", "From"},
	{"", NULL},
	{"an-option-that-is-much-too-long-to-be-a-parameter-of-any-resource-"
         "there-is",
         NULL},
};

static void options_are_parameters(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(params); i++) {
		char out[LINE_NAME_MAX] = "";
		bool well = line_param(params[i].option, out);

		if (well != (params[i].param != NULL) ||
		    (well && strcmp(out, params[i].param) != 0))
			fail_msg("%s: %s", params[i].option, out);
	}
}

static void words_and_options_may_be_mixed(void **state)
{
	char *argv[] = {"trestle", "--json", "domains",     "add",
	                "a b",     "--to",   "+1 555",      "last",
	                "--all",   "--x-y",  "--not-option"};
	const char *problem = NULL;
	struct strbuf form = {0};
	struct line line;

	(void)state;
	assert_true(line_read(&line, N_OF(argv), argv, &form, &problem));
	assert_int_equal(4, line.n);
	assert_string_equal("a b", line.words[2]);
	assert_true(line.json && line.all && !line.help);
	assert_string_equal("To=%2B1+555&XY=--not-option", strbuf_str(&form));
	strbuf_close(&form);
}

static void an_option_without_value_is_told(void **state)
{
	char *argv[] = {"trestle", "calls", "--to"};
	const char *problem = NULL;
	struct strbuf form = {0};
	struct line line;

	(void)state;
	assert_false(line_read(&line, N_OF(argv), argv, &form, &problem));
	assert_non_null(problem);
	strbuf_close(&form);
}

static void a_noun_has_a_singular(void **state)
{
	(void)state;
	assert_string_equal("calls", noun_find("call")->name);
	assert_string_equal("addresses", noun_find("address")->name);
	assert_string_equal("domains", noun_find("domains")->name);
	assert_null(noun_find("domai"));
	assert_null(noun_find(""));
	for (const struct noun *n = nouns; n->name; n++)
		assert_true(!n->parent || noun_find(n->parent));
}

TEST_MAIN(cmocka_unit_test(options_are_parameters),
          cmocka_unit_test(words_and_options_may_be_mixed),
          cmocka_unit_test(an_option_without_value_is_told),
          cmocka_unit_test(a_noun_has_a_singular))
