/*
 * refresh.c - session timer of one dialog (RFC 4028)
 *
 * Pure.
 */
#include "refresh.h"

struct session_timer refresh_offer(uint32_t min_se)
{
	struct session_timer t = {.min_se = SESSION_MIN_S, .supported = true};

	if (min_se > SESSION_MIN_S && min_se <= SESSION_MAX_S)
		t.min_se = min_se;
	t.expires = t.min_se > SESSION_WISH_S ? t.min_se : SESSION_WISH_S;
	return t;
}

struct session_timer refresh_again(const struct refresh *r)
{
	struct session_timer t = {.supported = true};

	if (r->expires == 0)
		return t;
	t.min_se = SESSION_MIN_S;
	t.expires = r->expires;
	t.named = true;
	t.uac = r->ours;
	return t;
}

bool refresh_too_short(const struct session_timer *request)
{
	return request->expires && request->expires < SESSION_MIN_S;
}

struct session_timer refresh_answer(struct refresh *r,
                                    const struct session_timer *request)
{
	uint32_t least = request->min_se > SESSION_WISH_S ? request->min_se
	                                                  : SESSION_WISH_S;
	struct session_timer t = {.supported = true};

	if (least > SESSION_MAX_S)
		least = SESSION_MAX_S;
	t.expires = request->expires;
	if (t.expires == 0 && request->supported)
		t.expires = SESSION_WISH_S;
	if (t.expires > least)
		t.expires = least;
	if (t.expires < request->min_se && t.expires)
		t.expires = least;
	/* RFC 4028 9, table 2: a caller without the extension cannot refresh */
	t.uac = request->supported && (!request->named || request->uac);
	t.named = t.expires != 0;
	r->expires = t.expires;
	r->ours = !t.uac;
	return t;
}

void refresh_confirm(struct refresh *r, const struct session_timer *response)
{
	r->expires = response->expires;
	if (r->expires && r->expires < SESSION_MIN_S)
		r->expires = SESSION_MIN_S;
	if (r->expires > SESSION_MAX_S)
		r->expires = SESSION_MAX_S;
	r->ours = response->uac || !response->named;
}

uint64_t refresh_due_ms(const struct refresh *r)
{
	return r->expires * 500ULL;
}

uint64_t refresh_expiry_ms(const struct refresh *r)
{
	uint32_t early = r->expires / 3 < 32 ? r->expires / 3 : 32;

	return (r->expires - early) * 1000ULL;
}
