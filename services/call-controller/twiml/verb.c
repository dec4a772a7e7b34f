/*
 * verb.c - the table of all verbs, and attributes by table
 *
 * Pure.
 */
#include "verb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "twiml.h"

enum { WARNING_MAX = 320 };
enum { VOICE_MAX = 80 };    /* bytes of the name of a voice */
enum { LANGUAGE_MAX = 35 }; /* … of a language: BCP 47 4.4.1 */

static const struct verb *const verbs[] = {
	&verb_dial, &verb_gather, &verb_hangup,   &verb_pause,
	&verb_play, &verb_record, &verb_redirect, &verb_reject,
	&verb_say,  &verb_start,  &verb_stop,     NULL,
};

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; verbs[i]; i++) {
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	return NULL;
}

const struct verb *verb_at(size_t i)
{
	const struct verb *const *at = verbs;

	while (i && *at)
		at++, i--;
	return *at;
}

/* What can be wrong with an element is a warning, but these (contract 7.2) */
static bool is_error(uint32_t code)
{
	static const uint32_t errors[] = {11100, 13224, 13257, 14300};

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		if (errors[i] == code)
			return true;
	}
	return false;
}

void verb_warn(struct call *call, struct step *st, uint32_t code,
               const struct twiml_node *node, const char *fmt, ...)
{
	char text[WARNING_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!st->quiet)
		verb_alert(call, st, code, is_error(code),
		           arena_printf(&st->out->arena, "line %u, <%.40s>: %s",
		                        node->line, node->name, text));
}

void verb_alert(struct call *call, struct step *st, uint32_t code, bool error,
                const char *text)
{
	struct arena *a = &st->out->arena;
	struct cmd_alert alert = {
		.code = code,
		.error = error,
		.call_sid = arena_str(a, program_sid(call, st->program)),
		.text = arena_str(a, text),
		.url = "",
	};

	call_alert_at(st, &alert);
}

static bool parse_int(const char *s, int min, int max, int *out)
{
	int value = 0, digits = 0;

	while (*s == ' ')
		s++;
	for (; *s >= '0' && *s <= '9' && digits < 9; s++, digits++)
		value = value * 10 + (*s - '0');
	while (*s == ' ')
		s++;
	*out = value;
	return *s == '\0' && digits && value >= min && value <= max;
}

#define LETTERS  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NUMERALS "0123456789"

/* Which of the words, in spaces, is it? -1 = none */
static int word_of(const char *words, const char *value)
{
	size_t n = strlen(value);

	for (int i = 0; *words; i++) {
		size_t len = strcspn(words, " ");

		if (len == n && memcmp(words, value, n) == 0)
			return i;
		words += len;
		words += *words == ' ';
	}
	return -1;
}

static bool digits(const char *s)
{
	size_t n = strlen(s);

	return n <= DIGITS_SENT_MAX && strspn(s, NUMERALS "ABCD*#wW") == n;
}

/* The form of a name: the voices themselves are known to speech. */
static bool voice(const char *s)
{
	size_t n;

	if (word_of("man woman alice", s) >= 0)
		return true;
	if (strncmp(s, "Polly.", 6) == 0)
		s += 6;
	else if (strncmp(s, "Google.", 7) == 0)
		s += 7;
	else
		return false;
	n = strlen(s);
	return n > 0 && n <= VOICE_MAX && strspn(s, LETTERS NUMERALS "-_") == n;
}

/* "en", "fr-FR", "cmn-Hans-CN" (BCP 47) */
static bool language(const char *s)
{
	size_t n = strspn(s, LETTERS);

	if (n < 2 || n > 3 || strlen(s) > LANGUAGE_MAX)
		return false;
	for (s += n; *s == '-'; s += 1 + n) {
		n = strspn(s + 1, LETTERS NUMERALS);
		if (n < 1 || n > 8)
			return false;
	}
	return *s == '\0';
}

static bool fits(const struct attr *attr, const char *value)
{
	switch (attr->type) {
	case ATTR_DIGITS: return digits(value);
	case ATTR_VOICE: return voice(value);
	case ATTR_LANGUAGE: return language(value);
	case ATTR_METHOD: return word_of("GET POST", value) >= 0;
	case ATTR_STRING:
	case ATTR_INT:
	case ATTR_BOOL:
	case ATTR_WORD:
	case ATTR_LATER: break;
	}
	return true;
}

/* Write one value. Returns false when it is a bad one. */
static bool set(const struct attr *attr, void *state, const char *value)
{
	char *at = (char *)state + attr->at;
	int number;

	switch (attr->type) {
	case ATTR_STRING:
	case ATTR_METHOD:
	case ATTR_DIGITS:
	case ATTR_VOICE:
	case ATTR_LANGUAGE:
		memcpy(at, &value, sizeof(value));
		return fits(attr, value);
	case ATTR_WORD:
		number = value == attr->init ? 0 : word_of(attr->init, value);
		if (number < 0)
			return false;
		memcpy(at, &number, sizeof(number));
		return true;
	case ATTR_INT:
		if (!parse_int(value, attr->min, attr->max, &number))
			return false;
		memcpy(at, &number, sizeof(number));
		return true;
	case ATTR_BOOL:
		*(bool *)at = strcmp(value, "true") == 0;
		return *(bool *)at || strcmp(value, "false") == 0;
	case ATTR_LATER: break;
	}
	return true;
}

static const struct attr *find(const struct attr *attrs, const char *name)
{
	for (; attrs->name; attrs++) {
		if (strcmp(attrs->name, name) == 0)
			return attrs;
	}
	return NULL;
}

void verb_attributes(const struct attr *attrs, void *state,
                     const struct twiml_node *node, struct call *call,
                     struct step *st)
{
	for (const struct attr *attr = attrs; attr->name; attr++) {
		if (attr->type != ATTR_LATER)
			(void)set(attr, state, attr->init);
	}
	for (const struct twiml_attr *a = node->attrs; a; a = a->next) {
		const struct attr *attr = find(attrs, a->name);

		if (!attr) {
			verb_warn(call, st, 12200, node,
			          "unknown attribute %.40s", a->name);
		} else if (attr->type == ATTR_LATER) {
			verb_warn(call, st, 12200, node,
			          "attribute %s is not supported yet and has "
			          "no effect",
			          attr->name);
		} else if (!set(attr, state, a->value)) {
			const char *init = *attr->init ? attr->init : "nothing";

			(void)set(attr, state, attr->init);
			verb_warn(call, st, attr->code, node,
			          "%s=\"%.60s\" is not a valid value, %.*s "
			          "is used",
			          attr->name, a->value, (int)strcspn(init, " "),
			          init);
		}
	}
}
