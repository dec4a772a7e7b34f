/*
 * snapshot_application.c - applications, which numbers take their voice from, and
 *                          verified caller ids
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/snapshot_parts.h"

enum { CALLER_ID_SIZE = 80 };

int snapshot_add_application(struct snapshot *s, const struct record *r)
{
	struct application_entry *e = snapshot_entry(s, sizeof(*e));
	const char *sid = record_copy(s, r, "sid", "");
	int err;

	if (!e || !sid)
		return ENOMEM;
	e->account_sid = record_copy(s, r, "account_sid", "");
	err = e->account_sid ? record_voice(s, r, &e->voice) : ENOMEM;
	if (err || !*sid)
		return err ? err : EINVAL;
	hash_add(&s->applications, &e->by_sid, sid);
	return 0;
}

/* One of another account is none. */
void snapshot_apply_application(const struct snapshot *s,
                                struct number_entry *n)
{
	struct hash_entry *e =
		*n->application ? hash_find(&s->applications, n->application)
				: NULL;
	const struct application_entry *a =
		e ? hash_object(e, struct application_entry, by_sid) : NULL;

	n->number.voice =
		a && strcmp(a->account_sid, n->number.account_sid) == 0
			? a->voice
			: n->voice;
}

int snapshot_add_caller_id(struct snapshot *s, const struct record *r)
{
	struct caller_id_entry *e = snapshot_entry(s, sizeof(*e));
	char name[CALLER_ID_SIZE];
	const char *kept;
	int n = snprintf(name, sizeof(name), "%s:%s",
	                 record_get(r, "account_sid", ""),
	                 record_get(r, "phone_number", ""));

	if (n < 0 || n >= (int)sizeof(name))
		return EINVAL;
	kept = snapshot_copy(s, name);
	if (!e || !kept)
		return ENOMEM;
	e->sid = record_copy(s, r, "sid", "");
	if (!e->sid)
		return ENOMEM;
	hash_add(&s->caller_ids, &e->by_name, kept);
	return 0;
}

const char *snapshot_caller_id(const struct snapshot *s,
                               const char *account_sid, const char *e164)
{
	char name[CALLER_ID_SIZE];
	struct hash_entry *e;

	(void)snprintf(name, sizeof(name), "%s:%s", account_sid, e164);
	e = hash_find(&s->caller_ids, name);
	return e ? hash_object(e, struct caller_id_entry, by_name)->sid : NULL;
}
