/*
 * test_hostile.c - documents that want more than there is: told, and left out
 */
#include "unit/test.h"

#include "core/program.h"
#include "script.h"

enum { DOCUMENT_MAX = 65536 };

struct document {
	size_t n;
	char text[DOCUMENT_MAX + 8];
};

__attribute__((format(printf, 2, 3))) static void add(struct document *d,
                                                      const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	d->n += (size_t)vsnprintf(d->text + d->n, sizeof(d->text) - d->n, fmt,
	                          ap);
	va_end(ap);
	assert_true(d->n < sizeof(d->text));
}

static struct document *begin(const char *start)
{
	struct document *d = malloc(sizeof(*d));

	assert_non_null(d);
	d->n = 0;
	add(d, "doc %s", start);
	return d;
}

/* Each & of it is sent to speech as &amp; */
static void add_says(struct document *d, int n)
{
	while (n--) {
		add(d, "<Say><![CDATA[");
		for (int i = 0; i < 4096; i++)
			add(d, "&");
		add(d, "]]></Say>");
	}
}

/* Bytes of texts in the last SessionPut */
static size_t bytes_put(const struct script *s)
{
	const struct command *cmd = script_command(s, CMD_MEDIA);
	const struct cmd_media *m;
	size_t n = 0;

	assert_non_null(cmd);
	m = &cmd->media;
	for (size_t i = 0; i < m->n_legs; i++) {
		const struct media_leg *leg = &m->legs[i];

		for (size_t k = 0; k < leg->n_plays; k++)
			n += strlen(leg->plays[k].what);
		for (size_t k = 0; k < leg->n_prefetch; k++)
			n += strlen(leg->prefetch[k].what);
		for (size_t k = 0; k < leg->listen.n_hints; k++)
			n += strlen(leg->listen.hints[k]);
	}
	return n;
}

static void answer(struct script *s, const char *doc, const char *alert)
{
	script_open(s, &script_phone);
	(void)script_step(s, "start");
	if (!strstr(script_step(s, doc), alert))
		fail_msg("%.40s: no %s: %.200s", doc, alert, s->text);
	(void)script_step(s, "ready");
}

static void texts_that_no_relay_takes_are_left_out(void **state)
{
	struct document *d = begin("<Response><Gather>");
	struct script s;

	(void)state;
	add_says(d, 12);
	add(d, "</Gather><Say>b</Say></Response>");
	answer(&s, d->text, "alert13320 ");
	assert_true(bytes_put(&s) > PROGRAM_BYTES_MAX / 2);
	assert_true(bytes_put(&s) <= PROGRAM_BYTES_MAX);
	(void)script_step(&s, "1 ack");
	assert_string_equal("verb=5 media(A#)", script_step(&s, "played"));
	assert_string_equal("media(A~say(b))", script_step(&s, "timer verb"));
	script_close(&s);
	free(d);
}

static void what_is_named_ahead_has_a_limit_too(void **state)
{
	struct document *d = begin("<Response><Say>a</Say>");
	struct script s;
	int said = 0;

	(void)state;
	for (int i = 0; i < 4; i++) {
		add(d, "<Say>");
		for (int k = 0; k < 400; k++)
			add(d, "%s\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"%s",
			    k % 10 ? "" : "<sub alias='",
			    k % 10 < 9 ? "" : "'>x</sub>");
		add(d, "</Say>");
	}
	add(d, "</Response>");
	answer(&s, d->text, "media(");
	assert_true(bytes_put(&s) > PROGRAM_BYTES_MAX / 2);
	assert_true(bytes_put(&s) <= PROGRAM_BYTES_MAX);
	(void)script_step(&s, "1 ack");
	while (strstr(script_step(&s, "played"), "say("))
		said++;
	assert_int_equal(4, said);
	script_close(&s);
	free(d);
}

static void ten_who_are_asked_share_one_message(void **state)
{
	struct document *d = begin("<Response><Gather>");
	struct script s;
	char event[32];
	size_t told = 0;

	(void)state;
	add_says(d, 5);
	add(d, "</Gather></Response>");
	answer(&s,
	       "doc <Response><Dial><Sip url='/1'>a@x</Sip><Sip url='/2'>b@x"
	       "</Sip><Sip url='/3'>c@x</Sip><Sip url='/4'>d@x</Sip></Dial>"
	       "</Response>",
	       "E=queued");
	for (int c = 'B'; c <= 'E'; c++) {
		(void)snprintf(event, sizeof(event), "resolve %c fork 1", c);
		(void)script_step(&s, event);
	}
	(void)script_step(&s, "ready");
	for (int leg = 2; leg <= 5; leg++) {
		(void)snprintf(event, sizeof(event), "%d 200 PCMU", leg);
		(void)script_step(&s, event);
		told += strstr(script_step(&s, d->text), "alert13320") != NULL;
		assert_true(bytes_put(&s) <= AUDIO_BYTES_MAX);
	}
	assert_int_equal(2, told); /* 100 kB each */
	script_close(&s);
	free(d);
}

static void hints_have_a_number_and_a_length(void **state)
{
	struct document *d = begin("<Response><Gather input='speech' hints='");
	const struct listen *listen;
	struct script s;

	(void)state;
	for (int i = 0; i < 500; i++)
		add(d, "%0100d,", i);
	add(d, "'/></Response>");
	answer(&s, d->text, "verb=5 media(A)");
	listen = &script_command(&s, CMD_MEDIA)->media.legs[0].listen;
	assert_int_equal(500, listen->n_hints);
	script_close(&s);
	d->n -= strlen("'/></Response>");
	add(d, "one more,");
	add(d, "'/></Response>");
	answer(&s, d->text, "alert13330 verb=5 media(A)");
	script_close(&s);
	free(d);
}

TEST_MAIN(cmocka_unit_test(texts_that_no_relay_takes_are_left_out),
          cmocka_unit_test(what_is_named_ahead_has_a_limit_too),
          cmocka_unit_test(ten_who_are_asked_share_one_message),
          cmocka_unit_test(hints_have_a_number_and_a_length))
