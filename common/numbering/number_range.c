/*
 * number_range.c - numbers that a carrier brings: one, or a range of them
 */
#include "numbering/number_range.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/value.h"

static uint64_t digits_of(const char *e164)
{
	uint64_t v = 0;

	for (e164++; *e164; e164++)
		v = v * 10 + (uint64_t)(*e164 - '0');
	return v;
}

/* @return 0 = it is no number in E.164; none begins with 0 */
static uint64_t parse(const char *text, size_t n)
{
	char number[NUMBER_SIZE_MAX];

	if (n >= sizeof(number))
		return 0;
	memcpy(number, text, n);
	number[n] = '\0';
	return value_e164(number) ? 0 : digits_of(number);
}

bool number_range_parse(const char *text, size_t n, struct number_range *out)
{
	const char *dash = memchr(text, '-', n);
	size_t head = dash ? (size_t)(dash - text) : n;
	uint64_t first = parse(text, head), last = first;

	if (dash && n != 2 * head + 1) /* as many digits */
		return false;
	if (dash)
		last = parse(dash + 1, head);
	if (!first || last < first || last - first >= NUMBER_RANGE_MAX)
		return false;
	out->first = first;
	out->count = (uint32_t)(last - first) + 1;
	return true;
}

const char *number_range_problem(const char *text)
{
	struct number_range r;

	if (number_range_parse(text, strlen(text), &r))
		return NULL;
	return "is no range of numbers; write \"+15550100\" or "
	       "\"+15550100-+15550199\", at most 100000 numbers";
}

bool number_range_has(const struct number_range *r, const char *e164)
{
	uint64_t v = parse(e164, strlen(e164));

	return v >= r->first && v - r->first < r->count;
}

void number_range_nth(const struct number_range *r, uint32_t i,
                      char out[NUMBER_SIZE_MAX])
{
	(void)snprintf(out, NUMBER_SIZE_MAX, "+%" PRIu64, r->first + i);
}

/* --- types ---------------------------------------------------------------------- */

static bool begins(const char *prefixes, const char *digits)
{
	for (const char *p = prefixes; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (strncmp(digits, p, n) == 0)
			return true;
		p += n;
	}
	return false;
}

const char *number_type(const char *e164)
{
	static const char toll_free[] =
		"1800 1833 1844 1855 1866 1877 1888 31800 32800 33800 33801 "
		"33802 33803 33804 33805 34800 34900 39800 39803 41800 43800 "
		"44500 44800 44808 4580 46200 47800 48800 49800 52800 55800 "
		"61180 64508 64800 65800 81120 81800 86800 91180 3531800 "
		"351800 358800 420800 972180";
	static const char mobile[] =
		"316 324 336 337 346 347 393 417 436 4474 4475 4477 4478 4479 "
		"4473 467 474 479 4845 4850 4851 4853 4857 4860 4866 4869 4872 "
		"4873 4878 4879 4888 4915 4916 4917 614 6421 6422 6427 6428 "
		"6429 658 659 8170 8180 8190 861 916 917 918 919 35383 35385 "
		"35386 35387 35389 3519 3584 35850 42060 42070 42077 97250 "
		"97252 97254";
	const char *digits = e164 + (*e164 == '+');

	if (begins(toll_free, digits))
		return "toll-free";
	return begins(mobile, digits) ? "mobile" : "local";
}
