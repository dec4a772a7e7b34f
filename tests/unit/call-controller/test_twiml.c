/*
 * test_twiml.c - documents: what is read, what is refused and with which code
 */
#include "unit/test.h"

#include "twiml/twiml.h"

static uint32_t code_of(const char *text, size_t n)
{
	struct twiml *doc = NULL;
	struct twiml_error error;
	int err = twiml_alloc(&doc, text, n, &error);

	twiml_free(doc);
	assert_int_equal(err == 0, error.code == 0);
	return error.code;
}

static void documents_are_refused_with_a_code(void **state)
{
	static const struct {
		const char *text;
		uint32_t code;
	} rows[] = {
		{"<Response/>", 0},
		{"<?xml version='1.0' encoding='UTF-8'?>\n<Response/>", 0},
		{"\n  <Response></Response>\n", 0},
		{"<Response><!-- a comment --><Hangup/></Response>", 0},
		{"<Response>&lt;&amp;&#65;</Response>", 0},
		{"", 11770},
		{" \r\n", 11770},
		{"hello", 12100},
		{"<Response>", 12100},
		{"<Response><Dial></Response>", 12100},
		{"<Response/><Response/>", 12100},
		{"<Response>&unknown;</Response>", 12100},
		{"<Response a='1' a='2'/>", 12100},
		{"<Response>\xff</Response>", 12100},
		{"<response/>", 12102},
		{"<Foo/>", 12102},
		{"<Response version='2010-04-01'/>", 0},
		{"<Response version='2008-08-01'/>", 0},
		{"<Response version='2'/>", 12101},
		{"<Response version=''/>", 12101},
		{"<?xml version='1.1'?><Response/>", 0},
		{"<?xml version='2.0'?><Response/>", 12101},
		{"<!DOCTYPE Response><Response/>", 12100},
		{"<!DOCTYPE r SYSTEM 'http://h/x'><Response/>", 12100},
		{"<!DOCTYPE r [<!ENTITY a 'b'>]><Response>&a;</Response>",
	         12100},
		{"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
	         "<Response>&a;</Response>",
	         12100},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].code,
		                 code_of(rows[i].text, strlen(rows[i].text)));
	assert_int_equal(12100, code_of("<Response>\0</Response>", 22));
}

static void an_error_names_its_line(void **state)
{
	static const char text[] = "<Response>\n<Dial>\n</Response>";
	struct twiml *doc;
	struct twiml_error error;

	(void)state;
	assert_int_equal(EINVAL, twiml_alloc(&doc, text, strlen(text), &error));
	assert_int_equal(3, error.line);
}

static char *repeated(const char *before, const char *unit, size_t n,
                      const char *after)
{
	size_t len = strlen(before), step = strlen(unit);
	char *text = malloc(len + n * step + strlen(after) + 1);

	assert_non_null(text);
	memcpy(text, before, len + 1);
	for (size_t i = 0; i < n; i++, len += step)
		memcpy(text + len, unit, step + 1);
	memcpy(text + len, after, strlen(after) + 1);
	return text;
}

static void sizes_are_limited(void **state)
{
	static const struct {
		const char *before, *unit, *after;
		size_t n;
		uint32_t code;
	} rows[] = {
		{"<Response>", "<a/>", "</Response>", TWIML_NODES_MAX - 1, 0},
		{"<Response>", "<a/>", "</Response>", TWIML_NODES_MAX, 12100},
		{"<Response>", "x", "</Response>", TWIML_ATTRIBUTE_MAX + 1, 0},
		{"<Response a='", "x", "'/>", TWIML_ATTRIBUTE_MAX, 0},
		{"<Response a='", "x", "'/>", TWIML_ATTRIBUTE_MAX + 1, 12100},
		{"<Response/>", " ", "", TWIML_SIZE_MAX - 11, 0},
		{"<Response/>", " ", "", TWIML_SIZE_MAX - 10, 11750},
		{"<Response>", "<a>", "", TWIML_DEPTH_MAX, 12100},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char *text = repeated(rows[i].before, rows[i].unit, rows[i].n,
		                      rows[i].after);

		assert_int_equal(rows[i].code, code_of(text, strlen(text)));
		free(text);
	}
}

static void elements_have_text_attributes_and_order(void **state)
{
	static const char text[] =
		"<Response><Dial timeout='7' action='/a?b=1&amp;c=2'>\n"
		"  <Sip>\n sip:a@b?x=1&amp;y=<![CDATA[<2>]]> </Sip>\n"
		"  <Number>+1</Number></Dial><Hangup/></Response>";
	const struct twiml_node *dial;
	struct twiml *doc;
	struct twiml_error error;

	(void)state;
	assert_int_equal(0, twiml_alloc(&doc, text, strlen(text), &error));
	dial = twiml_root(doc)->children;
	assert_string_equal("Dial", dial->name);
	assert_string_equal("", dial->text);
	assert_string_equal("7", twiml_attr(dial, "timeout"));
	assert_string_equal("/a?b=1&c=2", twiml_attr(dial, "action"));
	assert_null(twiml_attr(dial, "Timeout"));
	assert_string_equal("sip:a@b?x=1&y=<2>", dial->children->text);
	assert_int_equal(2, dial->children->line);
	assert_string_equal("Number", dial->children->next->name);
	assert_string_equal("Hangup", dial->next->name);
	assert_null(dial->next->next);
	twiml_free(doc);
}

TEST_MAIN(cmocka_unit_test(documents_are_refused_with_a_code),
          cmocka_unit_test(an_error_names_its_line),
          cmocka_unit_test(sizes_are_limited),
          cmocka_unit_test(elements_have_text_attributes_and_order))
