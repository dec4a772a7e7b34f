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

static const struct verb *const verbs[] = {
	&verb_dial,     &verb_hangup, &verb_pause,
	&verb_redirect, &verb_reject, NULL,
};

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; verbs[i]; i++) {
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	return NULL;
}

void verb_warn(struct call *call, struct step *st, uint32_t code,
               const struct twiml_node *node, const char *fmt, ...)
{
	char text[WARNING_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	call_alert(call, st, code, false,
	           arena_printf(&st->out->arena, "line %u, <%.40s>: %s",
	                        node->line, node->name, text));
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

/* Write one value. Returns false when it is a bad one. */
static bool set(const struct attr *attr, void *state, const char *value)
{
	char *at = (char *)state + attr->at;
	int number;

	switch (attr->type) {
	case ATTR_STRING: memcpy(at, &value, sizeof(value)); return true;
	case ATTR_METHOD:
		if (strcmp(value, "GET") != 0 && strcmp(value, "POST") != 0)
			return false;
		memcpy(at, &value, sizeof(value));
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
			(void)set(attr, state, attr->init);
			verb_warn(call, st, attr->code, node,
			          "%s=\"%.60s\" is not a valid value, %s is "
			          "used",
			          attr->name, a->value, attr->init);
		}
	}
}
