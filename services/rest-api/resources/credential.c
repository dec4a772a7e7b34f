/*
 * credential.c - Credential Lists and their Credentials (contract 4.4, 6.5)
 *
 * Of a password only its digests with the realms of the account are kept.
 */
#include "resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "ask.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"
#include "realms.h"
#include "store/ha1.h"
#include "store/value.h"

enum { LISTS_MAX = 100, CREDENTIALS_MAX = 1000, NAME_BYTES = 64 };
enum {
	LIST = 21239,
	MAPPED = 21240,
	USERNAME = 21241,
	PASSWORD = 21242,
	MANY = 21243
};

// clang-format off
static const struct param list_params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .required = true, .min = 1, .max = NAME_BYTES},
	{0},
};

static const struct shape list_shape[] = {
	LIST_SHAPE,
	{"uri", SHAPE_URI, "/SIP/CredentialLists/{sid}.json"},
	{"subresource_uris", SHAPE_LINKS, "/SIP/CredentialLists/{sid}: credentials"},
	{0},
};

static const struct param params[] = {
	{.name = "Username", .field = "username", .required = true, .create_only = true, .min = 1, .max = VALUE_USERNAME_MAX, .code = USERNAME},
	{.name = "Password", .field = "password", .type = PARAM_SECRET, .required = true, .code = PASSWORD},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"credential_list_sid", SHAPE_TEXT, NULL},
	{"username", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/SIP/CredentialLists/{credential_list_sid}/Credentials/{sid}.json"},
	{0},
};
// clang-format on

/* With a list go its credentials. */
static void write_list(const struct ask *q, struct change *c,
                       const struct fields *was, const struct fields *draft)
{
	char index[64], sids[64], users[80];

	if (draft)
		return;
	(void)snprintf(index, sizeof(index), "credentials:{%s}",
	               fields_text(was, "sid"));
	(void)snprintf(sids, sizeof(sids), "sids:{%s}", ask_account(q));
	(void)snprintf(users, sizeof(users), "credential-list:%s:users",
	               fields_text(was, "sid"));
	change_sweep(c, index, sids, "");
	change_run(c, "DEL", users, NULL);
}

const struct resource credential_list_resource = {
	.name = "SIPCredentialList",
	.plural = "credential_lists",
	.prefix = "CL",
	.family = "credential-list:",
	.index = "credential-lists:{%s}",
	.set = "credential-lists",
	.params = list_params,
	.shape = list_shape,
	.max = LISTS_MAX,
	.max_code = LIST,
	.taken = LIST,
	.write = write_list,
};

void credential_lists_delete(struct ask *q)
{
	mappings_unless_mapped(q, MAPPED, crud_delete);
}

/* --- credentials ---------------------------------------------------------------- */

/* HA1 of each realm in `realms`, which on_realms() set; fields as the registrar
 * reads them */
static bool add_digest(struct fields *draft, const char *realm,
                       const char *password)
{
	char name[REALM_SIZE + 8];
	struct ha1 ha1;

	if (ha1_make(&ha1, fields_text(draft, "username"), realm, password))
		return false;
	(void)snprintf(name, sizeof(name), "md5 %s", realm);
	fields_set(draft, name, ha1.md5);
	(void)snprintf(name, sizeof(name), "sha256 %s", realm);
	fields_set(draft, name, ha1.sha256);
	return true;
}

static bool add_digests(const struct ask *q, struct fields *draft,
                        const char *password)
{
	const struct realms *realms = q->more;
	bool well = true;

	for (size_t i = 0; realms && i < realms->n; i++)
		well = well && add_digest(draft, realms->v[i], password);
	if (!realms || realms->n == 0)
		well = add_digest(draft, realms_own(q), password);
	return well;
}

static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	const char *password = fields_get(&q->params, "Password");

	if (value_username(fields_text(draft, "username")))
		return param_fail(error, USERNAME,
		                  fields_text(draft, "username"));
	if (!password)
		return true;
	if (value_password(password))
		return param_fail(error, PASSWORD, "");
	if (!add_digests(q, draft, password))
		return param_fail(error, ERROR_INTERNAL, "");
	return true;
}

/* The account needs a realm when it has no domain that could be one. */
static void write_realm(const struct ask *q, struct change *c,
                        const struct fields *was, const struct fields *draft)
{
	const struct realms *realms = q->more;

	if (!realms || realms->n == 0)
		realms_write(q, c, was, draft);
}

const struct resource credential_resource = {
	.name = "SIPCredential",
	.plural = "credentials",
	.prefix = "CR",
	.family = "credential-list:%s:user:",
	.key = "username",
	.index = "credentials:{%s}",
	.parent = "credential_list_sid",
	.set = "credential-list:%s:users",
	.params = params,
	.shape = shape,
	.max = CREDENTIALS_MAX,
	.max_code = MANY,
	.taken = USERNAME,
	.check = check,
	.write = write_realm,
};

static bool keep_realms(struct ask *q, const struct realms *realms)
{
	struct realms *copy = malloc(sizeof(*copy));

	if (!copy) {
		ask_fail(q, ERROR_AWAY, NULL);
		return false;
	}
	*copy = *realms;
	q->more = copy;
	return true;
}

static void on_realms(struct ask *q, const struct realms *realms)
{
	if (keep_realms(q, realms))
		crud_create(q);
}

static void on_realms_update(struct ask *q, const struct realms *realms)
{
	if (keep_realms(q, realms))
		crud_update(q);
}

void credentials_create(struct ask *q)
{
	realms_find(q, on_realms);
}

void credentials_update(struct ask *q)
{
	realms_find(q, on_realms_update);
}
