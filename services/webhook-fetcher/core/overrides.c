/*
 * overrides.c - how patiently to ask: settings in the fragment of a URL
 *
 * Pure: no I/O, no clock, no log.
 */
#include "overrides.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define AT(field) offsetof(struct overrides, field)

static const struct number {
	const char *name;
	size_t offset;
	uint32_t min, max;
} numbers[] = {
	{"ct", AT(connect_ms), 100, 10000},
	{"rt", AT(read_ms), 100, 15000},
	{"tt", AT(total_ms), 100, OVERRIDES_TOTAL_MS_MAX},
	{"rc", AT(retries), 0, 5},
};

static const struct policy {
	const char *name;
	unsigned bits;
} policies[] = {
	{"4xx", RETRY_4XX}, {"5xx", RETRY_5XX}, {"ct", RETRY_CONNECT},
	{"rt", RETRY_READ}, {"all", RETRY_ALL},
};

/* Edge locations that applications written for the hosted service name. */
static const char *const edges[] = {
	"ashburn", "umatilla", "dublin",    "frankfurt", "singapore",
	"tokyo",   "sydney",   "sao-paulo", "roaming",
};

static bool equal(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

static uint32_t refuse(uint32_t code, const char *reason, const char **why)
{
	*why = reason;
	return code;
}

static uint32_t set_number(struct overrides *o, const struct number *field,
                           const char *s, size_t n, const char **why)
{
	uint32_t value = 0;

	if (n == 0)
		return refuse(11100,
		              "A number is missing after ct=, rt=, tt= "
		              "or rc= in the URL's fragment.",
		              why);
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return refuse(11100,
			              "ct=, rt=, tt= and rc= in the "
			              "URL's fragment take whole "
			              "numbers.",
			              why);
		if (value <= field->max)
			value = value * 10 + (uint32_t)(s[i] - '0');
	}
	if (value < field->min)
		value = field->min;
	if (value > field->max)
		value = field->max;
	memcpy((char *)o + field->offset, &value, sizeof(value));
	return 0;
}

static uint32_t add_policy(struct overrides *o, const char *s, size_t n,
                           const char **why)
{
	for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
		if (equal(s, n, policies[i].name)) {
			o->retry_on |= policies[i].bits;
			return 0;
		}
	}
	return refuse(11243,
	              "rp= in the URL's fragment takes 4xx, 5xx, ct, rt "
	              "and all, separated by commas.",
	              why);
}

static uint32_t check_edge(const char *s, size_t n, const char **why)
{
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
		size_t len = strlen(edges[i]);

		if (equal(s, n, edges[i]))
			return 0;
		if (n == len + 3 && memcmp(s, edges[i], len) == 0 &&
		    memcmp(s + len, "-ix", 3) == 0)
			return refuse(11242,
			              "e= in the URL's fragment names "
			              "an interconnect; there is none "
			              "here.",
			              why);
	}
	if (n == 0)
		return refuse(11240,
		              "e= in the URL's fragment has an empty "
		              "name.",
		              why);
	return refuse(11241,
	              "e= in the URL's fragment names an edge location "
	              "that does not exist.",
	              why);
}

/* Hand each word of a comma list to @p take. */
static uint32_t each_word(struct overrides *o, const char *s, size_t n,
                          uint32_t (*take)(struct overrides *, const char *,
                                           size_t, const char **),
                          const char **why)
{
	uint32_t code = 0;
	size_t from = 0;

	for (size_t i = 0; i <= n && !code; i++) {
		if (i < n && s[i] != ',')
			continue;
		code = take(o, s + from, i - from, why);
		from = i + 1;
	}
	return code;
}

static uint32_t take_edge(struct overrides *o, const char *s, size_t n,
                          const char **why)
{
	(void)o;
	return check_edge(s, n, why);
}

static uint32_t take_pair(struct overrides *o, const char *pair, size_t n,
                          const char **why)
{
	const char *eq = memchr(pair, '=', n);
	const char *value = eq ? eq + 1 : NULL;
	size_t name_len, value_len;

	if (!eq)
		return 0;
	name_len = (size_t)(eq - pair);
	value_len = n - name_len - 1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (equal(pair, name_len, numbers[i].name))
			return set_number(o, &numbers[i], value, value_len,
			                  why);
	}
	if (equal(pair, name_len, "rp")) {
		o->retry_on = 0;
		return each_word(o, value, value_len, add_policy, why);
	}
	if (equal(pair, name_len, "e"))
		return each_word(o, value, value_len, take_edge, why);
	return 0;
}

uint32_t overrides_parse(const char *fragment, struct overrides *o,
                         const char **why)
{
	uint32_t code = 0;
	size_t n;

	*o = (struct overrides){.connect_ms = 5000,
	                        .read_ms = 15000,
	                        .total_ms = OVERRIDES_TOTAL_MS_MAX,
	                        .retries = 1,
	                        .retry_on = RETRY_CONNECT};
	for (const char *p = fragment; *p && !code; p += n + (p[n] == '&')) {
		n = strcspn(p, "&");
		code = take_pair(o, p, n, why);
	}
	return code;
}
