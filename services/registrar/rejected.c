/*
 * rejected.c - the reject log: who was refused, why, and from where
 *
 * What a peer can make up (its name, with some patience its address) makes no
 * more rows than the limits of rejected.h: others of the account stay readable.
 */
#include "rejected.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "base/guard.h"
#include "base/hash.h"
#include "core/source.h"
#include "loop/loop.h"
#include "store/alert.h"

/* Is it one more like another, or one too many? */
static bool left_out(struct app *app, const struct rejected *r)
{
	uint64_t now_ms = loop_now_ms(), account, source, row;

	account = hash_bytes(r->account_sid, strlen(r->account_sid), 0);
	source = hash_bytes("source", 6, account + source_key(r->source_ip));
	row = hash_bytes(r->user, strlen(r->user),
	                 source + (uint64_t)r->reject);
	row = hash_bytes(r->domain, strlen(r->domain), row);
	row = hash_bytes(r->called, strlen(r->called), row);
	if (guard_seen(app->alerts, account, now_ms) >= REJECTED_OF_ACCOUNT ||
	    guard_seen(app->alerts, source, now_ms) >= REJECTED_OF_SOURCE ||
	    guard_count(app->alerts, row, now_ms) > 1)
		return true;
	(void)guard_count(app->alerts, source, now_ms);
	(void)guard_count(app->alerts, account, now_ms);
	return false;
}

void rejected_tell(struct app *app, const struct rejected *r)
{
	const struct reject_row *row = reject_row(r->reject);
	const char *what = r->called[0] ? r->called : r->domain;
	char text[APP_ERROR_SIZE + AOR_DOMAIN_MAX + 8];
	struct alert alert = {
		.account_sid = r->account_sid,
		.code = row->code,
		.text = text,
		.source = r->source_ip,
		.user = r->user,
		.domain = r->domain,
		.sip_method = r->method,
		.sip_status = r->status,
	};

	if (left_out(app, r))
		return;
	(void)snprintf(text, sizeof(text), *what ? "%s (%s)" : "%s%s",
	               row->text, what);
	alert_write(app->redis, app->log, &alert);
}
