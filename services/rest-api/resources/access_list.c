/*
 * access_list.c - IP Access Control Lists and their addresses (contract 6.5)
 *
 * Each address is a hash of its own; the list has all of them in one field, as
 * CIDRs, for those who let calls in.
 */
#include "resources.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "ask.h"
#include "base/strbuf.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"

enum { LISTS_MAX = 1000, ADDRESSES_MAX = 100, NAME_BYTES = 255 };
enum {
	LIST = 21235,
	MAPPED = 21236,
	MANY = 21237,
	ADDRESS = 21238,
	LISTS = 21255
};

// clang-format off
static const struct param list_params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .required = true, .min = 1, .max = NAME_BYTES},
	{0},
};

static const struct shape list_shape[] = {
	LIST_SHAPE,
	{"uri", SHAPE_URI, "/SIP/IpAccessControlLists/{sid}.json"},
	{"subresource_uris", SHAPE_LINKS, "/SIP/IpAccessControlLists/{sid}: ip_addresses"},
	{0},
};

static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .required = true, .min = 1, .max = NAME_BYTES},
	{.name = "IpAddress", .field = "ip_address", .required = true, .code = ADDRESS},
	{.name = "CidrPrefixLength", .field = "cidr_prefix_length", .type = PARAM_UINT, .min = 0, .max = 32, .init = "32"},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"ip_access_control_list_sid", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"ip_address", SHAPE_TEXT, NULL},
	{"cidr_prefix_length", SHAPE_INT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/SIP/IpAccessControlLists/{ip_access_control_list_sid}/IpAddresses/{sid}.json"},
	{0},
};
// clang-format on

static void write_list(const struct ask *q, struct change *c,
                       const struct fields *was, const struct fields *draft)
{
	char index[64], sids[64];

	if (draft)
		return;
	(void)snprintf(index, sizeof(index), "addresses:{%s}",
	               fields_text(was, "sid"));
	(void)snprintf(sids, sizeof(sids), "sids:{%s}", ask_account(q));
	change_sweep(c, index, sids, "");
}

const struct resource access_list_resource = {
	.name = "SIPIpAccessControlList",
	.plural = "ip_access_control_lists",
	.prefix = "AL",
	.family = "access-list:",
	.index = "access-lists:{%s}",
	.set = "access-lists",
	.params = list_params,
	.shape = list_shape,
	.max = LISTS_MAX,
	.max_code = LISTS,
	.taken = LIST,
	.write = write_list,
};

void access_lists_delete(struct ask *q)
{
	mappings_unless_mapped(q, MAPPED, crud_delete);
}

/* --- addresses ------------------------------------------------------------------ */

static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	const char *address = fields_text(draft, "ip_address");
	struct in_addr a;

	(void)q;
	if (inet_pton(AF_INET, address, &a) == 1)
		return true;
	return param_fail(error, ADDRESS, address);
}

static void add_cidr(char out[40], const struct fields *f)
{
	(void)snprintf(out, 40, "%.16s/%.3s", fields_text(f, "ip_address"),
	               fields_text(f, "cidr_prefix_length"));
}

/* The list's own field follows: "192.0.2.1/32 198.51.100.0/24". */
static void write_address(const struct ask *q, struct change *c,
                          const struct fields *was, const struct fields *draft)
{
	char list[64], old[40] = "", new[40] = "";

	(void)snprintf(list, sizeof(list), "access-list:%.34s", ask_part(q, 0));
	if (was->n && fields_get(was, "ip_address"))
		add_cidr(old, was);
	if (draft)
		add_cidr(new, draft);
	if (strcmp(old, new) != 0)
		change_words_of(c, list, "addresses", old, new);
}

const struct resource address_resource = {
	.name = "SIPIpAddress",
	.plural = "ip_addresses",
	.prefix = "IP",
	.family = "access-list:%s:address:",
	.index = "addresses:{%s}",
	.parent = "ip_access_control_list_sid",
	.params = params,
	.shape = shape,
	.max = ADDRESSES_MAX,
	.max_code = MANY,
	.taken = ADDRESS,
	.check = check,
	.write = write_address,
};
