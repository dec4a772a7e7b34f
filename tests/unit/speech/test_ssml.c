/*
 * test_ssml.c - SSML to pieces
 */
#include "base/strbuf.h"
#include "core/sentence.h"
#include "core/ssml.h"
#include "unit/oom.h"
#include "unit/test.h"

/* "text" or "text{80% p120 -6dB fr}", then "/400" for a pause */
static void print(const struct ssml *s, struct strbuf *out)
{
	const struct style plain = style_plain();

	for (size_t i = 0; i < s->n; i++) {
		const struct piece *p = &s->v[i];

		strbuf_addf(out, "%s%s", i ? "|" : "", p->text);
		if (memcmp(&plain, &p->style, sizeof(plain)) != 0)
			strbuf_addf(out, "{%u%% p%u %ddB %s}", p->style.rate,
			            p->style.pitch, p->style.volume,
			            p->style.language);
		if (p->pause_ms)
			strbuf_addf(out, "/%u", p->pause_ms);
	}
}

static const struct {
	const char *ssml, *want;
} pieces[] = {
	{"Hello", "Hello"},
	{"  Hello \n\t big   world ", "Hello big world "},
	{"One. Two! Three? Four", "One.|Two!|Three?|Four"},
	{"Mr. A. Smith, no. 5. Next", "Mr. A. Smith, no. 5.|Next"},
	{"Version 1.5 is out", "Version 1.5 is out"},
	{"\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82\xE5\xA5\xBD",
         "\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82|\xE5\xA5\xBD"},
	{"a &amp; b &lt;c&gt; &quot;d&apos; &#233;&#x20AC;",
         "a & b <c> \"d' \xC3\xA9\xE2\x82\xAC"},
	{"a<!-- no -->b<![CDATA[<c>&amp;]]>", "ab<c>&amp;"},
	{"", ""},
	{"<p></p>", "/600"},
	/* break: strength and time */
	{"a<break/>b", "a/400|b"},
	{"a<break strength='none'/>b", "a|b"},
	{"a<break strength=\"x-weak\"/>b", "a/100|b"},
	{"a<break strength=\"weak\"/>b", "a/250|b"},
	{"a<break strength=\"medium\"/>b", "a/400|b"},
	{"a<break strength=\"strong\"/>b", "a/700|b"},
	{"a<break strength=\"x-strong\"/>b", "a/1000|b"},
	{"a<break time=\"1.5s\"/>b", "a/1500|b"},
	{"a<break time=\"20ms\"></break>b", "a/20|b"},
	{"a<break time=\"1h\"/>b", "a/400|b"},
	{"a<break time=\"99s\"/>b", "a/10000|b"},
	{"a<break time=\"-1s\"/>b", "a|b"},
	{"<break time=\"1s\"/>", "/1000"},
	/* emphasis */
	{"a <emphasis>b</emphasis> c", "a |b{90% p100 2dB }|c"},
	{"<emphasis level=\"strong\">b</emphasis>", "b{80% p100 4dB }"},
	{"<emphasis level=\"reduced\">b</emphasis>", "b{110% p100 -3dB }"},
	{"<emphasis level=\"none\">b</emphasis>", "b"},
	/* lang */
	{"a<lang xml:lang=\"fr-FR\">b</lang>c", "a|b{100% p100 0dB fr-FR}|c"},
	/* paragraphs and sentences */
	{"<p>a</p><p>b</p>", "a/600|b/600"},
	{"<p><s>a</s><s>b</s></p>", "a/150|b/750"},
	{"<s xml:lang=\"de\">a</s>b", "a{100% p100 0dB de}/150|b"},
	/* phoneme, w and what we do not know: their content */
	{"<phoneme alphabet=\"ipa\" ph=\"x\">pecan</phoneme> pie", "pecan pie"},
	{"I <w role=\"x:VBD\">read</w> it", "I read it"},
	{"<speak>a <amazon:effect name=\"w\">b</amazon:effect></speak>", "a b"},
	/* prosody */
	{"<prosody rate=\"x-slow\">a</prosody>", "a{50% p100 0dB }"},
	{"<prosody rate=\"slow\">a</prosody>", "a{75% p100 0dB }"},
	{"<prosody rate=\"fast\">a</prosody>", "a{130% p100 0dB }"},
	{"<prosody rate=\"85%\">a</prosody>", "a{85% p100 0dB }"},
	{"<prosody rate=\"+20%\">a</prosody>", "a{120% p100 0dB }"},
	{"<prosody rate=\"1%\">a</prosody>", "a{20% p100 0dB }"},
	{"<prosody rate=\"quick\">a</prosody>", "a"},
	{"<prosody pitch=\"high\">a</prosody>", "a{100% p120 0dB }"},
	{"<prosody pitch=\"-10%\">a</prosody>", "a{100% p90 0dB }"},
	{"<prosody pitch=\"+12st\">a</prosody>", "a{100% p200 0dB }"},
	{"<prosody pitch=\"+1e9st\">a</prosody>", "a"},
	{"<prosody volume=\"silent\">a</prosody>", "a{100% p100 -60dB }"},
	{"<prosody volume=\"loud\">a</prosody>", "a{100% p100 4dB }"},
	{"<prosody volume=\"-6dB\">a</prosody>", "a{100% p100 -6dB }"},
	{"<prosody volume=\"nandB\">a</prosody>", "a{100% p100 -60dB }"},
	{"<prosody rate=\"50%\"><prosody rate=\"50%\" volume=\"+3dB\">a"
         "</prosody></prosody>",
         "a{25% p100 3dB }"},
	/* say-as */
	{"<say-as interpret-as=\"characters\">aB 1</say-as>", "A, B, 1"},
	{"<say-as interpret-as=\"spell-out\">h\xC3\xA9</say-as>",
         "H, \xC3\xA9"},
	{"<say-as interpret-as=\"digits\">1234</say-as>", "1 2 3 4"},
	{"<say-as interpret-as=\"telephone\">+1 555-0100</say-as>",
         "plus 1, 5 5 5, 0 1 0 0"},
	{"<say-as interpret-as=\"ordinal\">2</say-as>", "2nd"},
	{"<say-as interpret-as=\"ordinal\">11</say-as>", "11th"},
	{"<say-as interpret-as=\"ordinal\">103</say-as>", "103rd"},
	{"<say-as interpret-as=\"cardinal\">42</say-as>", "42"},
	{"<say-as interpret-as=\"date\" format=\"mdy\">3/4/2026"
         "</say-as>",
         "March 4th, 2026"},
	{"<say-as interpret-as=\"date\" format=\"dm\">21.12</say-as>",
         "December 21st"},
	{"<say-as interpret-as=\"date\" format=\"yyyymmdd\">20260304"
         "</say-as>",
         "March 4th, 2026"},
	{"<say-as interpret-as=\"date\" format=\"mdy\">soon</say-as>", "soon"},
	{"a<say-as interpret-as=\"expletive\">darn</say-as>b", "a/400|b"},
	/* sub */
	{"<sub alias=\"World Wide &amp; Web\">WWW</sub> c",
         "World Wide & Web c"},
	{"<sub>WWW</sub>", "WWW"},
};

static void text_becomes_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(pieces); i++) {
		struct strbuf out = {0};
		struct ssml s;
		const char *why = NULL;

		if (ssml_parse(pieces[i].ssml, &s, &why))
			fail_msg("%s: %s", pieces[i].ssml, why);
		print(&s, &out);
		if (strcmp(strbuf_str(&out), pieces[i].want) != 0)
			fail_msg("%s: %s, not %s", pieces[i].ssml,
			         strbuf_str(&out), pieces[i].want);
		strbuf_close(&out);
		ssml_close(&s);
	}
}

static void what_is_not_well_formed_is_refused(void **state)
{
	static const char *const rows[] = {
		"<",
		"<p",
		"<p>",
		"</p>",
		"<p></s>",
		"<p><s></p></s>",
		"a & b",
		"&nbsp;",
		"&#0;",
		"&#x110000;",
		"&#xD800;",
		"&#;",
		"<p a>",
		"<p a=b/>",
		"<p a=\"<\"/>",
		"<p a='b/>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]>",
		"<!-- a",
		"<![CDATA[ a",
		"<?a",
		"< p/>",
		"<p / >",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct ssml s;
		const char *why = NULL;

		if (ssml_parse(rows[i], &s, &why) != EINVAL || !why || s.n)
			fail_msg("%s", rows[i]);
	}
}

static void fill(char *to, size_t n, const char *part)
{
	*to = '\0';
	for (size_t i = 0; i < n; i++)
		to = stpcpy(to, part);
}

static void limits_hold(void **state)
{
	static const struct {
		size_t n;
		const char *part;
		int err;
	} rows[] = {
		{SSML_SIZE_MAX, "a", 0},
		{SSML_SIZE_MAX + 1, "a", E2BIG},
		{SSML_DEPTH_MAX + 1, "<p>", E2BIG},
		{60, "<break time=\"10s\"/>", 0},
		{61, "<break time=\"10s\"/>", E2BIG},
		{SSML_PIECES_MAX, "a. ", 0},
		{SSML_PIECES_MAX + 1, "a. ", E2BIG},
	};
	static char text[SSML_SIZE_MAX + 8];

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct ssml s;
		const char *why = NULL;

		fill(text, rows[i].n, rows[i].part);
		if (ssml_parse(text, &s, &why) != rows[i].err)
			fail_msg("%zu x %s: %s", rows[i].n, rows[i].part, why);
		ssml_close(&s);
	}
}

static void long_sentences_are_cut_between_words(void **state)
{
	static const struct {
		const char *text;
		size_t max, want;
	} rows[] = {
		{"One. Two.", 100, 4},
		{"No end", 100, 6},
		{"aaaa bbbb, cccc dddd", 15, 10},
		{"a, bbbbbbb cccc dddd", 15, 10},
		{"aaaaaaaaaaaaaaaa", 8, 8},
		{"\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC", 7, 6},
		{"\xE2\x82\xAC", 1, 1},
		{"Hey! You", 100, 4},
		{"Wait...  now", 100, 7},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		size_t n = sentence_length(rows[i].text, rows[i].max);

		if (n != rows[i].want)
			fail_msg("%s: %zu", rows[i].text, n);
	}
}

static void memory_may_run_out(void **state)
{
	const char *why;
	struct ssml s;

	(void)state;
	OOM_EACH(ssml_parse("<p>Hello. World<break/>a&amp;b<sub alias='c'>d"
	                    "</sub></p>",
	                    &s, &why),
	         ssml_close(&s));
}

TEST_MAIN(cmocka_unit_test(text_becomes_pieces),
          cmocka_unit_test(what_is_not_well_formed_is_refused),
          cmocka_unit_test(limits_hold),
          cmocka_unit_test(long_sentences_are_cut_between_words),
          cmocka_unit_test(memory_may_run_out))
