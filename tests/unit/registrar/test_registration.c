/*
 * test_registration.c - one REGISTER: granted, refused, for how long
 */
#include "core/registration.h"

#include <stdio.h>

#include "unit/test.h"

struct row {
	const char *name;
	struct register_req req; /* expires_* and contacts filled below */
	struct contact contacts[12];
	const char *want; /* verdict, then kind and the granted times */
};

#define A .uri = "sip:bob@192.0.2.1:5062"
#define B .uri = "sip:bob@192.0.2.2:5062"

// clang-format off
static const struct row rows[] = {
	{"no Contact asks for the bindings", {0}, {{0}}, "query"},

	{"* with Expires 0 removes all", {.star = true, .n_contacts = 1, .expires = "0"}, {{.uri = "*"}}, "clear"},
	{"* with Expires 00 removes all", {.star = true, .n_contacts = 1, .expires = "00"}, {{.uri = "*"}}, "clear"},
	{"* with Expires 3600", {.star = true, .n_contacts = 1, .expires = "3600"}, {{.uri = "*"}}, "400 Contact * Needs Expires 0"},
	{"* without Expires", {.star = true, .n_contacts = 1}, {{.uri = "*"}}, "400 Contact * Needs Expires 0"},
	{"* with a malformed Expires", {.star = true, .n_contacts = 1, .expires = "x"}, {{.uri = "*"}}, "400 Contact * Needs Expires 0"},
	{"* with a second Contact", {.star = true, .n_contacts = 2, .expires = "0"}, {{.uri = "*"}, {A}}, "400 Contact * Must Stand Alone"},

	{"no Expires: the default", {.n_contacts = 1}, {{A}}, "3600"},
	{"the header counts", {.n_contacts = 1, .expires = "900"}, {{A}}, "900"},
	{"the parameter counts more", {.n_contacts = 1, .expires = "900"}, {{A, .expires = "1200"}}, "1200"},
	{"two contacts, two times", {.n_contacts = 2, .expires = "60"}, {{A, .expires = "1200"}, {B}}, "1200 60"},
	{"0 removes", {.n_contacts = 1, .expires = "0"}, {{A}}, "0"},
	{"1 is too brief", {.n_contacts = 1, .expires = "1"}, {{A}}, "423"},
	{"59 is too brief", {.n_contacts = 1}, {{A, .expires = "59"}}, "423"},
	{"60 is granted", {.n_contacts = 1}, {{A, .expires = "60"}}, "60"},
	{"one too brief refuses all", {.n_contacts = 2}, {{A, .expires = "600"}, {B, .expires = "59"}}, "423"},
	{"3600 is granted", {.n_contacts = 1}, {{A, .expires = "3600"}}, "3600"},
	{"3601 is shortened", {.n_contacts = 1}, {{A, .expires = "3601"}}, "3600"},
	{"2^32-1 is shortened", {.n_contacts = 1}, {{A, .expires = "4294967295"}}, "3600"},
	{"2^32 is shortened", {.n_contacts = 1}, {{A, .expires = "4294967296"}}, "3600"},
	{"2^64 is shortened", {.n_contacts = 1}, {{A, .expires = "18446744073709551616"}}, "3600"},
	{"-1 is as absent", {.n_contacts = 1}, {{A, .expires = "-1"}}, "3600"},
	{"abc is as absent", {.n_contacts = 1, .expires = "abc"}, {{A}}, "3600"},

	{"q may have three digits", {.n_contacts = 1}, {{A, .q = "0.125"}}, "3600 q125"},
	{"q of 1.000", {.n_contacts = 1}, {{A, .q = "1.000"}}, "3600"},
	{"q of 0", {.n_contacts = 1}, {{A, .q = "0"}}, "3600 q0"},
	{"q of 1.5", {.n_contacts = 1}, {{A, .q = "1.5"}}, "400 Bad Contact"},
	{"q of four digits", {.n_contacts = 1}, {{A, .q = "0.1234"}}, "400 Bad Contact"},
	{"q of a word", {.n_contacts = 1}, {{A, .q = "high"}}, "400 Bad Contact"},

	{"a tel: Contact", {.n_contacts = 1}, {{.uri = "tel:+1"}}, "400 Bad Contact"},
	{"a mailto: Contact", {.n_contacts = 1}, {{.uri = "mailto:a@b"}}, "400 Bad Contact"},
	{"an empty Contact", {.n_contacts = 1}, {{.uri = ""}}, "400 Bad Contact"},
	{"a Contact twice", {.n_contacts = 2}, {{A}, {A}}, "400 Contact Stands Twice"},
	{"a Contact twice, spelled differently", {.n_contacts = 2}, {{.uri = "sip:bob@Host"}, {.uri = "SIP:%62ob@hOST"}}, "400 Contact Stands Twice"},
	{"an instance twice", {.n_contacts = 2}, {{A, .instance = "<urn:uuid:1>"}, {B, .instance = "\"<urn:uuid:1>\""}}, "400 Contact Stands Twice"},
	{"an instance with two flows", {.n_contacts = 2, .expires = "60"}, {{A, .instance = "<urn:uuid:1>", .reg_id = "1"}, {A, .instance = "<urn:uuid:1>", .reg_id = "2"}}, "60 60"},
	{"an instance with a space", {.n_contacts = 1}, {{A, .instance = "<urn uuid>"}}, "400 Bad Contact"},
	{"eleven Contacts", {.n_contacts = 11}, {{A}}, "403"},
};
// clang-format on

static struct register_req request_of(const struct row *row)
{
	struct register_req req = row->req;

	req.contacts = row->contacts;
	req.expires_min = 60;
	req.expires_default = 3600;
	req.expires_max = 3600;
	return req;
}

static void describe_changes(const struct registration *r, char *out, size_t n)
{
	*out = '\0';
	for (size_t i = 0; i < r->n; i++) {
		size_t used = strlen(out);

		(void)snprintf(out + used, n - used, "%s%u", i ? " " : "",
		               r->changes[i].expires);
		used = strlen(out);
		if (r->changes[i].q != BINDING_Q_DEFAULT)
			(void)snprintf(out + used, n - used, " q%u",
			               r->changes[i].q);
	}
}

static void describe(enum registration_verdict verdict,
                     const struct registration *r, char *out, size_t n)
{
	switch (verdict) {
	case REGISTRATION_BAD:
		(void)snprintf(out, n, "400 %s", r->problem);
		return;
	case REGISTRATION_TOO_BRIEF: (void)snprintf(out, n, "423"); return;
	case REGISTRATION_TOO_MANY: (void)snprintf(out, n, "403"); return;
	case REGISTRATION_OK: break;
	}
	switch (r->kind) {
	case REGISTRATION_QUERY: (void)snprintf(out, n, "query"); return;
	case REGISTRATION_CLEAR: (void)snprintf(out, n, "clear"); return;
	case REGISTRATION_UPDATE: describe_changes(r, out, n); return;
	}
}

static void each_row_is_judged_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct register_req req = request_of(&rows[i]);
		struct registration r;
		char got[128] = "";

		describe(registration_plan(&r, &req), &r, got, sizeof(got));
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: \"%s\" instead of \"%s\"", rows[i].name,
			         got, rows[i].want);
	}
}

static void granted_times_spread_by_a_tenth_and_never_below_min(void **state)
{
	struct contact c = {A};
	struct register_req req = {.n_contacts = 1,
	                           .contacts = &c,
	                           .expires_min = 60,
	                           .expires_default = 3600,
	                           .expires_max = 3600};
	uint32_t least = 3600, most = 0;
	struct registration r;

	(void)state;
	for (req.random = 0; req.random < 1000; req.random++) {
		uint32_t e;

		assert_int_equal(REGISTRATION_OK, registration_plan(&r, &req));
		e = r.changes[0].expires;
		least = e < least ? e : least;
		most = e > most ? e : most;
	}
	assert_int_equal(3240, least);
	assert_int_equal(3600, most);
	req.expires = "62";
	for (req.random = 0; req.random < 100; req.random++) {
		assert_int_equal(REGISTRATION_OK, registration_plan(&r, &req));
		assert_in_range(r.changes[0].expires, 60, 62);
	}
}

struct keyed {
	const char *a, *b;
	bool same;
};

static void a_key_is_the_device_or_the_canonical_contact(void **state)
{
	static const struct keyed pairs[] = {
		{"sip:%62ob@Host;Transport=TCP", "SIP:bob@host;transport=tcp",
	         true},
		{"sip:bob@host", "sip:bob@host:5060", false},
		{"sip:bob@host", "sip:bob@host;transport=tcp", false},
		{"sip:bob@host", "sip:Bob@host", false},
		{"sip:bob@host", "sips:bob@host", false},
		{"sip:bob:secret@host", "sip:bob@host", true},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(pairs); i++) {
		struct binding a = {.contact = pairs[i].a};
		struct binding b = {.contact = pairs[i].b};

		assert_true(binding_key(&a));
		assert_true(binding_key(&b));
		if ((strcmp(a.key, b.key) == 0) != pairs[i].same)
			fail_msg("%s and %s", a.key, b.key);
	}
}

static void the_longest_contact_has_a_key(void **state)
{
	char text[BINDING_CONTACT_MAX + 2];
	struct binding b = {.contact = text};

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "sips:", 5);
	memcpy(text + BINDING_CONTACT_MAX - 12, "@[::1]:65535", 12);
	text[BINDING_CONTACT_MAX] = '\0';
	assert_true(binding_key(&b));
	assert_in_range(strlen(b.key), 1, BINDING_KEY_SIZE - 1);
	text[BINDING_CONTACT_MAX] = 'a';
	text[BINDING_CONTACT_MAX + 1] = '\0';
	assert_false(binding_key(&b));
}

TEST_MAIN(cmocka_unit_test(each_row_is_judged_as_it_says),
          cmocka_unit_test(granted_times_spread_by_a_tenth_and_never_below_min),
          cmocka_unit_test(a_key_is_the_device_or_the_canonical_contact),
          cmocka_unit_test(the_longest_contact_has_a_key))
