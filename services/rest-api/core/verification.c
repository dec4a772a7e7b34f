/*
 * verification.c - the call that asks whose number it is: what it says
 *
 * Pure: no I/O.
 */
#include "verification.h"

#include <stdio.h>
#include <string.h>

#include "base/sid.h"
#include "base/strbuf.h"
#include "store/value.h"

enum { NUMBER_SIZE = 17 };

static const char *const sentences[] = {
	[VERIFICATION_ASKS] = "Hello. Please enter your six digit verification "
			      "code.",
	[VERIFICATION_ASKS_AGAIN] = "That is not the code. Please enter your "
				    "six digit verification code.",
	[VERIFICATION_THANKS] = "Thank you. Your number is verified. Goodbye.",
	[VERIFICATION_SORRY] = "Your number is not verified. Goodbye.",
};

enum verification_says verification_after(unsigned long tries)
{
	return tries < VERIFICATION_TRIES_MAX ? VERIFICATION_ASKS_AGAIN
	                                      : VERIFICATION_SORRY;
}

void verification_document(struct strbuf *out, enum verification_says says,
                           const char *action)
{
	const char *sentence = sentences[says];

	strbuf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                "<Response>");
	if (says == VERIFICATION_ASKS || says == VERIFICATION_ASKS_AGAIN)
		strbuf_addf(out,
		            "<Gather action=\"%s\" numDigits=\"%d\" "
		            "finishOnKey=\"\" timeout=\"10\" "
		            "actionOnEmptyResult=\"true\"><Say>%s</Say>"
		            "</Gather>",
		            action, VERIFICATION_DIGITS, sentence);
	else
		strbuf_addf(out, "<Say>%s</Say><Hangup/>", sentence);
	strbuf_add(out, "</Response>\n");
}

enum verification_part verification_path(const char *path, char call_sid[35])
{
	static const char head[] = "/verifications/";
	static const struct {
		const char *tail;
		enum verification_part part;
	} parts[] = {
		{"", VERIFICATION_VOICE},
		{"/code", VERIFICATION_CODE},
		{"/status", VERIFICATION_STATUS},
	};

	if (strncmp(path, head, sizeof(head) - 1) != 0)
		return VERIFICATION_NONE;
	path += sizeof(head) - 1;
	(void)snprintf(call_sid, SID_SIZE, "%s", path);
	if (!sid_valid(call_sid, "CA"))
		return VERIFICATION_NONE;
	path += SID_SIZE - 1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(path, parts[i].tail) == 0)
			return parts[i].part;
	return VERIFICATION_NONE;
}

bool verification_number(const char *text, char out[17])
{
	size_t n = 0;

	for (; *text && n + 1 < NUMBER_SIZE; text++)
		if (!strchr(" -().", *text))
			out[n++] = *text;
	out[n] = '\0';
	return !*text && !value_e164(out);
}
