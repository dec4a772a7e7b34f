/*
 * test_template.c - the language of TwiML Bins
 */
#include "base/strbuf.h"
#include "core/variables.h"
#include "twiml_bin/template.h"
#include "unit/oom.h"
#include "unit/test.h"

static const char query[] =
	"From=sip:%2B14155550001@acme.example&To=sip:%2B14155559999@acme"
	".example&Empty=&Odd=%3Ca%20b=%22c%22%20%26%20'd'%3E&Dest[]=%2B1&"
	"Dest[]=%2B2&Dest[]=&SipHeader_User-to-User=u2u&n=1";

static int render(const char *text, const char *with, struct strbuf *out,
                  struct template_error *error)
{
	struct variables vars = {.n = 0};
	int err = variables_take(&vars, with, "", 0);

	if (!err)
		err = template_render(text, vars.v, vars.n, out, error);
	variables_close(&vars);
	return err;
}

static void templates_render_to_documents(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* The two bins that the product's tutorial is about */
		{"<Response><Dial answerOnBridge=\"true\"><Sip>{{#e164}}{{To}}"
	         "{{/e164}}@acme.example</Sip></Dial></Response>",
	         "<Response><Dial answerOnBridge=\"true\"><Sip>+14155559999"
	         "@acme.example</Sip></Dial></Response>"},
		{"<Response><Dial answerOnBridge=\"true\" callerId=\"{{#e164}}"
	         "{{From}}{{/e164}}\">{{#e164}}{{To}}{{/e164}}</Dial>"
	         "</Response>",
	         "<Response><Dial answerOnBridge=\"true\" "
	         "callerId=\"+14155550001\">+14155559999</Dial></Response>"},
		{"", ""},
		{"plain { } }} text", "plain { } }} text"},
		{"{{n}}{{ n }}{{Absent}}{{Empty}}", "11"},
		{"{{Odd}}", "&lt;a b=&quot;c&quot; &amp; &#39;d&#39;&gt;"},
		{"{{{Odd}}}{{&n}}{{& n }}", "<a b=\"c\" & 'd'>11"},
		{"{{SipHeader_User-to-User}}", "u2u"},
		{"{{#n}}yes{{/n}}{{^n}}no{{/n}}", "yes"},
		{"{{#Empty}}yes{{/Empty}}{{^Empty}}no{{/Empty}}", "no"},
		{"{{#Absent}}yes{{/Absent}}{{^Absent}}no{{/Absent}}", "no"},
		{"{{#Dest}}<Number>{{.}}</Number>{{/Dest}}",
	         "<Number>+1</Number><Number>+2</Number>"},
		{"{{#Dest[]}}{{.}},{{/Dest[]}}", "+1,+2,"},
		{"{{^Dest}}none{{/Dest}}", ""},
		{"{{#n}}{{#Dest}}{{n}}{{.}}{{/Dest}}{{.}}{{/n}}", "1+11+21"},
		{"a{{! a comment, {even} this }}b", "ab"},
		{"{{.}}{{#.}}x{{/.}}{{^.}}y{{/.}}", "y"},
		{"{{#e164}}+1555{{/e164}}", "+1555"},
		{"{{#e164}}sips:bob@acme.example{{/e164}}", "bob"},
		{"{{#e164}} sip:+1555;x=y:pw@h {{/e164}}", "+1555"},
		{"{{#e164}}{{Absent}}{{/e164}}", ""},
		{"{{#e164}}client:joe@x{{/e164}}", "client:joe@x"},
		{"{{#e164}}SIP:4155551212@h:5060;transport=udp{{/e164}}",
	         "4155551212"},
		{"{{#e164}}{{#n}}sip:{{.}}@h{{/n}}{{/e164}}", "1"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct template_error error = {0};
		struct strbuf out = {0};
		int err = render(rows[i].text, query, &out, &error);

		if (err)
			fail_msg("%s: %s", rows[i].text, error.why);
		assert_string_equal(rows[i].want, strbuf_str(&out));
		strbuf_close(&out);
	}
}

static void broken_templates_have_a_code_and_a_line(void **state)
{
	static const struct {
		const char *text;
		uint32_t code;
		unsigned line;
	} rows[] = {
		{"{{", 11320, 1},
		{"a\n{{To", 11320, 2},
		{"a\n\n{{To}", 11320, 3},
		{"{{{To}}", 11320, 1},
		{"{{{", 11320, 1},
		{"{{}}", 11310, 1},
		{"{{ }}", 11310, 1},
		{"{{#}}{{/}}", 11310, 1},
		{"{{To From}}", 11310, 1},
		{"\n{{#To}}", 11310, 2},
		{"{{/To}}", 11310, 1},
		{"{{#a}}{{#b}}{{/a}}{{/b}}", 11310, 1},
		{"{{#e164}}{{To}}", 11310, 1},
		{"{{>partial}}", 11310, 1},
		{"{{=<% %>=}}", 11310, 1},
		{"{{^a}}{{/a}}{{/a}}", 11310, 1},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct template_error error = {0};
		struct strbuf out = {0};

		assert_int_equal(EINVAL,
		                 render(rows[i].text, query, &out, &error));
		assert_int_equal(rows[i].code, error.code);
		assert_int_equal(rows[i].line, error.line);
		assert_non_null(error.why);
		strbuf_close(&out);
	}
}

static void a_template_can_neither_grow_nor_loop_without_end(void **state)
{
	static const char list[] = "a[]=1&a[]=1&a[]=1&a[]=1&a[]=1&a[]=1&"
				   "a[]=1&a[]=1&a[]=1&a[]=1";
	struct template_error error = {0};
	struct strbuf text = {0}, out = {0};

	(void)state;
	for (int i = 0; i < TEMPLATE_DEPTH_MAX; i++)
		strbuf_add(&text, "{{#a}}");
	for (int i = 0; i < TEMPLATE_DEPTH_MAX; i++)
		strbuf_add(&text, "{{/a}}");
	assert_int_equal(EINVAL, render(text.s, list, &out, &error));
	assert_int_equal(11750, error.code);

	strbuf_reset(&text);
	for (int i = 0; i <= TEMPLATE_DEPTH_MAX; i++)
		strbuf_add(&text, "{{#a}}");
	assert_int_equal(EINVAL, render(text.s, list, &out, &error));
	assert_int_equal(11310, error.code);

	strbuf_reset(&text);
	for (int i = 0; i <= TEMPLATE_TAGS_MAX; i++)
		strbuf_add(&text, "{{a}}");
	assert_int_equal(EINVAL, render(text.s, list, &out, &error));
	assert_int_equal(11310, error.code);

	strbuf_reset(&text);
	strbuf_add(&text, "{{#a}}{{#a}}{{#a}}");
	for (int i = 0; i < 100; i++)
		strbuf_add(&text, "0123456789");
	strbuf_add(&text, "{{/a}}{{/a}}{{/a}}");
	assert_int_equal(EINVAL, render(text.s, list, &out, &error));
	assert_int_equal(11750, error.code);
	strbuf_close(&text);
	strbuf_close(&out);
}

static void the_body_stands_before_the_query(void **state)
{
	struct variables vars = {.n = 0};

	(void)state;
	assert_int_equal(0, variables_take(&vars, "a=query&b=2&l[]=1",
	                                   "a=body&l[]=0", 12));
	assert_string_equal("body", variables_get(&vars, "a"));
	assert_string_equal("2", variables_get(&vars, "b"));
	assert_string_equal("", variables_get(&vars, "c"));
	assert_int_equal(4, vars.n);
	variables_close(&vars);
}

static void a_broken_encoding_is_refused(void **state)
{
	struct variables vars = {.n = 0};

	(void)state;
	assert_int_equal(EINVAL, variables_take(&vars, "a=%00", "", 0));
	assert_int_equal(0, vars.n);
	variables_close(&vars);
}

static int render_once(void)
{
	struct template_var vars[] = {{"To", "sip:+1@h"}};
	struct template_error error;
	struct strbuf out = {0};
	int err = template_render("{{#e164}}{{To}}{{/e164}}", vars, 1, &out,
	                          &error);

	strbuf_close(&out);
	return err;
}

static void running_out_of_memory_is_survived(void **state)
{
	(void)state;
	OOM_EACH(render_once(), (void)0);
}

TEST_MAIN(cmocka_unit_test(templates_render_to_documents),
          cmocka_unit_test(broken_templates_have_a_code_and_a_line),
          cmocka_unit_test(a_template_can_neither_grow_nor_loop_without_end),
          cmocka_unit_test(the_body_stands_before_the_query),
          cmocka_unit_test(a_broken_encoding_is_refused),
          cmocka_unit_test(running_out_of_memory_is_survived))
