/*
 * registration.c - what one REGISTER asks for, all its Contacts together
 *
 * Pure: no I/O, no clock, no log; randomness is an argument.
 */
#include "registration.h"

#include <string.h>

static bool digits(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && s[n] == '\0';
}

/* A lifetime [s] that may be larger than what fits: then the largest. */
static uint32_t seconds(const char *s, uint32_t otherwise)
{
	uint64_t v = 0;

	if (!s || !digits(s)) /* RFC 3261 20.19: malformed is as absent */
		return otherwise;
	for (; *s && v <= UINT32_MAX; s++)
		v = v * 10 + (uint64_t)(*s - '0');
	return v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
}

/* Shorten by up to a tenth, so that phones that all registered in the same
 * second do not come back in the same second. */
static uint32_t spread(const struct register_req *req, uint32_t expires,
                       uint32_t nth)
{
	uint32_t room = expires * REGISTRATION_SPREAD_PERCENT / 100;

	if (expires - room < req->expires_min)
		room = expires - req->expires_min;
	return expires - (req->random + nth * 7919) % (room + 1);
}

static enum registration_verdict grant(const struct register_req *req,
                                       const struct contact *c, uint32_t nth,
                                       uint32_t *expires)
{
	uint32_t asked = seconds(req->expires, req->expires_default);

	asked = seconds(c->expires, asked);
	*expires = asked;
	if (asked == 0)
		return REGISTRATION_OK;
	if (asked > req->expires_max)
		asked = req->expires_max;
	if (asked < req->expires_min)
		return REGISTRATION_TOO_BRIEF;
	*expires = spread(req, asked, nth);
	return REGISTRATION_OK;
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
static bool read_q(const char *s, uint32_t *q)
{
	uint32_t unit = 100;

	*q = BINDING_Q_DEFAULT;
	if (!s)
		return true;
	if (*s != '0' && *s != '1')
		return false;
	*q = *s == '1' ? 1000 : 0;
	if (*++s == '\0')
		return true;
	if (*s++ != '.')
		return false;
	for (; *s >= '0' && *s <= '9' && unit > 0; s++, unit /= 10)
		*q += (uint32_t)(*s - '0') * unit;
	return *s == '\0' && *q <= 1000;
}

/* Take the quotes and the angle brackets off. */
static bool read_instance(const char *s, struct binding *b)
{
	size_t n;

	b->instance = "";
	b->instance_len = 0;
	if (!s)
		return true;
	n = strlen(s);
	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		s++;
		n -= 2;
	}
	if (n >= 2 && s[0] == '<' && s[n - 1] == '>') {
		s++;
		n -= 2;
	}
	if (n > BINDING_INSTANCE_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] == 0x7f || s[i] == '"' || s[i] == '\\')
			return false;
	b->instance = s;
	b->instance_len = n;
	return true;
}

static bool read_contact(const struct contact *c, struct binding *b)
{
	b->contact = c->uri;
	if (!read_q(c->q, &b->q) || !read_instance(c->instance, b))
		return false;
	/* RFC 5626 6: without an instance a reg-id means nothing. */
	b->reg_id = b->instance_len > 0 ? seconds(c->reg_id, 0) : 0;
	return binding_key(b);
}

static bool repeated(const struct registration *r)
{
	for (size_t i = 1; i < r->n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->changes[i].key, r->changes[k].key) == 0)
				return true;
	return false;
}

static enum registration_verdict bad(struct registration *r,
                                     const char *problem)
{
	r->problem = problem;
	return REGISTRATION_BAD;
}

static enum registration_verdict plan_star(struct registration *r,
                                           const struct register_req *req)
{
	if (req->n_contacts > 1)
		return bad(r, "Contact * Must Stand Alone");
	if (!req->expires || seconds(req->expires, 1) != 0)
		return bad(r, "Contact * Needs Expires 0");
	r->kind = REGISTRATION_CLEAR;
	return REGISTRATION_OK;
}

enum registration_verdict registration_plan(struct registration *r,
                                            const struct register_req *req)
{
	r->problem = NULL;
	r->n = 0;
	r->kind = REGISTRATION_QUERY;
	if (req->n_contacts == 0)
		return REGISTRATION_OK;
	if (req->star)
		return plan_star(r, req);
	if (req->n_contacts > BINDINGS_MAX)
		return REGISTRATION_TOO_MANY;

	r->kind = REGISTRATION_UPDATE;
	for (size_t i = 0; i < req->n_contacts; i++) {
		struct binding *b = &r->changes[r->n++];
		enum registration_verdict verdict;

		if (!read_contact(&req->contacts[i], b))
			return bad(r, "Bad Contact");
		verdict =
			grant(req, &req->contacts[i], (uint32_t)i, &b->expires);
		if (verdict != REGISTRATION_OK)
			return verdict;
	}
	return repeated(r) ? bad(r, "Contact Stands Twice") : REGISTRATION_OK;
}
