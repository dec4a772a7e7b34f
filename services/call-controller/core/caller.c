/*
 * caller.c - who a child call sees calling (callerId)
 *
 * Pure.
 */
#include "caller.h"

#include <string.h>

#include "dial.h"
#include "e164.h"
#include "state.h"

/* The user part of the caller's From; the number of a carrier's caller. */
static const char *caller_user(struct call *call, struct arena *a)
{
	const char *from = call->facts.from;

	if (strncmp(from, "sip:", 4) == 0)
		from += 4;
	return arena_strn(a, from, strcspn(from, "@"));
}

bool caller_choose(struct call *call, struct child *child)
{
	struct arena *a = &call->dial->arena;
	const char *wish = call->dial->spec.caller_id;
	const char *caller = *wish ? wish : caller_user(call, a);
	const char *other = *wish ? "" : call->facts.default_caller_id;
	char number[E164_SIZE];

	child->caller = caller;
	if (child->noun.kind != RESOLVE_NUMBER)
		return true;
	child->caller_else = other;
	if (*call->facts.domain == '\0') {
		/* A carrier's caller and callee may be shown as they came. */
		child->caller_free = strcmp(caller, call->facts.from) == 0 ||
		                     strcmp(caller, call->facts.to) == 0;
	}
	if (child->caller_free)
		return true;
	if (e164_parse(caller, number))
		child->caller = arena_str(a, number);
	else if (*other)
		child->caller = other;
	else
		return false;
	return true;
}
