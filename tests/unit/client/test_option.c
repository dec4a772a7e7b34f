/*
 * test_option.c - which options a line may have
 */
#include "unit/test.h"

#include "base/strbuf.h"
#include "core/noun.h"
#include "core/option.h"

static const struct {
	const char *noun;
	enum verb verb;
	const char *form, *problem; /* NULL = well */
} lines[] = {
	{"calls", VERB_LIST, "", NULL},
	{"calls", VERB_LIST, "Status=busy&StartTime>=2026-11-30", NULL},
	{"calls", VERB_LIST, "Foo=bar",
         "it has no option --foo; it has --to, --from, --parent-call-sid, "
         "--status, --start-time[-from|-until], --end-time[-from|-until], "
         "--json, --all, --help"},
	{"calls", VERB_LIST, "Status>=x", "it has no option --status-from; "},
	{"calls", VERB_LIST, "Stat=x", "it has no option --stat; "},
	{"calls", VERB_ADD, "To=a&StatusCallbackEvent=ringing", NULL},
	{"calls", VERB_SET, "Twiml=x", NULL},
	{"calls", VERB_SET, "To=x", "it has no option --to; "},
	{"users", VERB_ADD, "Username=x", NULL},
	{"users", VERB_SET, "Username=x", "it has no option --username; "},
	{"domains", VERB_SET, "VoiceURL=x",
         "it has no option --voice-u-r-l; it has --domain-name, "},
	{"domains", VERB_SHOW, "VoiceUrl=x",
         "it has no option --voice-url; it has --json, --all, --help"},
	{"limits", VERB_SET, "CallsMax=1", NULL},
};

static void an_option_that_is_unknown_is_told_with_those_that_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(lines); i++) {
		struct strbuf problem = {0}, form = {0};
		struct options known;
		const char *want = lines[i].problem;
		bool well;

		strbuf_add(&form, lines[i].form);
		well = options_check(noun_options(noun_find(lines[i].noun),
		                                  lines[i].verb, &known),
		                     strbuf_str(&form), form.len, &problem);
		if (well != !want || (want && strncmp(strbuf_str(&problem),
		                                      want, strlen(want)) != 0))
			fail_msg("row %zu: %s", i, strbuf_str(&problem));
		strbuf_close(&problem);
		strbuf_close(&form);
	}
}

TEST_MAIN(
	cmocka_unit_test(an_option_that_is_unknown_is_told_with_those_that_are))
