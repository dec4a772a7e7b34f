/*
 * conf.c - the settings of a process: a table of environment variables
 */
#include "base/conf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int set_uint(const struct conf_item *item, const char *text, void *field,
                    char *problem, size_t size)
{
	char *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || v < item->min ||
	    v > item->max) {
		(void)snprintf(problem, size,
		               "%s is \"%s\": set it to a number from %u to %u "
		               "(%s)",
		               item->name, text, item->min, item->max,
		               item->help);
		return EINVAL;
	}
	*(uint32_t *)field = (uint32_t)v;
	return 0;
}

static int set_bool(const struct conf_item *item, const char *text, void *field,
                    char *problem, size_t size)
{
	static const char *const words[] = {"0",    "1",  "false",
	                                    "true", "no", "yes"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*(bool *)field = i % 2;
			return 0;
		}
	}
	(void)snprintf(problem, size, "%s is \"%s\": set it to yes or no (%s)",
	               item->name, text, item->help);
	return EINVAL;
}

static int set(const struct conf_item *item, void *conf, char *problem,
               size_t size)
{
	void *field = (char *)conf + item->offset;
	const char *text = getenv(item->name);

	if (!text || text[0] == '\0')
		text = item->init;
	if (!text) {
		(void)snprintf(problem, size, "%s is not set: %s", item->name,
		               item->help);
		return EINVAL;
	}
	switch (item->type) {
	case CONF_STRING: *(const char **)field = text; return 0;
	case CONF_UINT: return set_uint(item, text, field, problem, size);
	case CONF_BOOL: return set_bool(item, text, field, problem, size);
	}
	return EINVAL;
}

int conf_load(const struct conf_item *items, void *conf, char *problem,
              size_t size)
{
	int err = 0;

	for (; items && items->name && !err; items++)
		err = set(items, conf, problem, size);
	return err;
}

void conf_print(const struct conf_item *items, FILE *out)
{
	for (; items && items->name; items++) {
		const char *init = items->init;

		if (!init)
			init = "must be set";
		else if (init[0] == '\0')
			init = "none";
		(void)fprintf(out, "| `%s` | %s | %s |\n", items->name, init,
		              items->help);
	}
}
