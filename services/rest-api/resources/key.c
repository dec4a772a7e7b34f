/*
 * key.c - API keys (contract 6.3): sign in beside the account's token
 *
 * The secret is told once, when the key is made; only its SHA-256 is kept.
 */
#include "resources.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "ask.h"
#include "core/error.h"
#include "core/key_secret.h"
#include "crud.h"

enum { KEYS_MAX = 1000, NAME_BYTES = 64, TOO_MANY = 20410 };

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .max = NAME_BYTES},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{0},
};
// clang-format on

/* "secret" is in the fields of the answer to a create, and nowhere else. */
static void more(json_t *json, const struct fields *fields)
{
	const char *secret = fields_get(fields, "secret");

	if (secret)
		(void)json_object_set_new(json, "secret", json_string(secret));
}

/* One kind of thing under two names */
#define KEY_RESOURCE(one, many)                                                \
	{                                                                      \
		.name = (one), .plural = (many), .prefix = "SK",               \
		.family = "key:", .index = "keys:{%s}", .params = params,      \
		.shape = shape, .max = KEYS_MAX, .max_code = TOO_MANY,         \
		.quiet = true, .taken = ERROR_CONFLICT, .once = "secret",      \
		.more = more,                                                  \
	}

const struct resource key_resource = KEY_RESOURCE("Key", "keys");
const struct resource signing_key_resource =
	KEY_RESOURCE("SigningKey", "signing_keys");

static bool make_secret(char out[KEY_SECRET_SIZE])
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
		"-_";
	unsigned char bytes[KEY_SECRET_SIZE - 1];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		out[i] = letters[bytes[i] % 64];
	out[sizeof(bytes)] = '\0';
	return true;
}

void keys_create(struct ask *q)
{
	char secret[KEY_SECRET_SIZE], sum[KEY_SECRET_SUM_SIZE];

	if (!make_secret(secret) || !key_secret_sum(secret, sum)) {
		ask_fail(q, ERROR_INTERNAL, NULL);
		return;
	}
	fields_set(&q->draft, "secret", secret);
	fields_set(&q->draft, "secret_sha256", sum);
	crud_create(q);
}
