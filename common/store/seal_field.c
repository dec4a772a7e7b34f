/*
 * seal_field.c - which fields of the configuration hold secrets
 */
#include "store/seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* What happens to each text that is secret */
typedef int convert_h(const struct seal *s, const char *text, char **out);

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool ends(const char *s, const char *with)
{
	size_t n = strlen(s), m = strlen(with);

	return n >= m && strcmp(s + n - m, with) == 0;
}

/* "https://user:password@host/" */
static bool has_login(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n;

	if (!host)
		return false;
	host += 3;
	n = strcspn(host, "/?#");
	return memchr(host, '@', n) != NULL;
}

/* Is it one of those that are secret, or may be? */
static bool may_be(const char *field)
{
	static const char *const names[] = {"auth_token", "password", "ha1_md5",
	                                    "ha1_sha256", "twiml",    NULL};

	for (size_t i = 0; names[i]; i++)
		if (strcmp(field, names[i]) == 0)
			return true;
	return begins(field, "md5 ") || begins(field, "sha256 ") ||
	       ends(field, "_url");
}

static bool is_secret(const char *field, const char *value)
{
	if (ends(field, "_url"))
		return has_login(value);
	if (strcmp(field, "twiml") == 0)
		return strstr(value, "password=") != NULL;
	return may_be(field);
}

/* The passwords in the targets of a carrier, each by itself: the rest is for
 * people to read. */
static int convert_targets(const struct seal *s, const char *value,
                           convert_h *convert, char **out)
{
	json_t *list = json_loads(value, 0, NULL);
	json_t *target;
	bool changed = false;
	size_t i;
	int err = 0;

	json_array_foreach(list, i, target)
	{
		const char *password =
			json_string_value(json_object_get(target, "password"));
		char *other = NULL;

		if (password && !err)
			err = convert(s, password, &other);
		if (other &&
		    json_object_set_new(target, "password", json_string(other)))
			err = ENOMEM;
		changed = changed || other;
		seal_cleanse(other);
	}
	if (!err && changed) {
		*out = json_dumps(list, JSON_COMPACT);
		err = *out ? 0 : ENOMEM;
	}
	json_decref(list);
	return err;
}

int seal_field(const struct seal *s, const char *field, const char *value,
               char **out)
{
	*out = NULL;
	if (strcmp(field, "targets") == 0)
		return convert_targets(s, value, seal_text, out);
	return is_secret(field, value) ? seal_text(s, value, out) : 0;
}

int seal_open_field(const struct seal *s, const char *field, const char *value,
                    char **out)
{
	*out = NULL;
	if (strcmp(field, "targets") == 0)
		return convert_targets(s, value, seal_open, out);
	return may_be(field) ? seal_open(s, value, out) : 0;
}

int seal_pairs(const struct seal *s, const char **pairs, size_t n, char **kept)
{
	int err = 0;

	for (size_t i = 0; i + 1 < n && !err; i += 2) {
		err = seal_field(s, pairs[i], pairs[i + 1], &kept[i / 2]);
		if (kept[i / 2])
			pairs[i + 1] = kept[i / 2];
	}
	return err;
}
