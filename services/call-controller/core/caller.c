/*
 * caller.c - who a child call sees calling (callerId)
 *
 * Pure.
 */
#include "caller.h"

#include <stdio.h>
#include <string.h>

#include "dial.h"
#include "e164.h"
#include "resolved.h"
#include "state.h"

const struct resolved_refusal caller_refusal = {
	13214, 403,
	"callerId is not a number of this account: take one of "
	"IncomingPhoneNumbers or OutgoingCallerIds"};

const struct resolved_refusal *caller_nobody(const char *wish)
{
	static const struct resolved_refusal no_number = {
		13247, 403,
		"the caller is no telephone number: give the Dial a callerId "
		"that is a number of this account"};

	return *wish ? &caller_refusal : &no_number;
}

const struct resolved_refusal *caller_wrong(const char *wish)
{
	static const struct resolved_refusal too_long = {13248, 403,
	                                                 "is too long"};
	static const struct resolved_refusal other = {
		13214, 403,
		"is not a valid value: letters, digits and +-_. are"};
	char number[E164_SIZE];

	if (strlen(wish) > CALLER_ID_MAX)
		return &too_long;
	/* What is sent to a SIP URI is made of these. */
	if (strspn(wish, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                 "0123456789+-_.") != strlen(wish) &&
	    !e164_parse(wish, number))
		return &other;
	return NULL;
}

/* The user part of a SIP URI; a number or a name as it is */
static const char *user_of(struct arena *a, const char *from)
{
	if (strncmp(from, "sip:", 4) == 0)
		from += 4;
	return arena_strn(a, from, strcspn(from, "@"));
}

bool caller_pick(struct arena *a, const struct caller_facts *facts,
                 struct caller_choice *out)
{
	const char *wish = facts->wish;
	const char *caller = *wish ? wish : user_of(a, facts->from);
	const char *other = *wish ? "" : facts->default_caller_id;
	char number[E164_SIZE];

	*out = (struct caller_choice){.caller = caller, .other = ""};
	if (facts->kind != RESOLVE_NUMBER)
		return true;
	out->other = other;
	/* A carrier's caller and callee may be shown as they came. */
	if (!facts->by_phone)
		out->free = strcmp(caller, facts->from) == 0 ||
		            strcmp(caller, facts->to) == 0;
	if (out->free)
		return true;
	if (e164_parse(caller, number))
		out->caller = arena_str(a, number);
	else if (*other)
		out->caller = other;
	else
		return false;
	return true;
}

void caller_of_api(const char *caller_id, const char *from,
                   char out[CALLER_SIZE])
{
	if (*caller_id)
		from = caller_id;
	if (strncmp(from, "sip:", 4) == 0)
		from += 4;
	(void)snprintf(out, CALLER_SIZE, "%.*s", (int)strcspn(from, "@"), from);
}

const char *caller_shown(enum resolve_kind kind,
                         const struct caller_choice *choice, bool owned)
{
	if (kind != RESOLVE_NUMBER || choice->free || owned)
		return choice->caller;
	return *choice->other ? choice->other : NULL;
}

bool caller_choose(struct call *call, struct child *child)
{
	const struct caller_facts facts = {
		.kind = child->noun.kind,
		.wish = call->dial->spec.caller_id,
		.from = call->facts.from,
		.to = call->facts.to,
		.default_caller_id = call->facts.default_caller_id,
		.by_phone = *call->facts.domain != '\0',
	};
	struct caller_choice choice;
	bool any = caller_pick(&call->dial->arena, &facts, &choice);

	child->caller = choice.caller;
	child->caller_else = choice.other;
	child->caller_free = choice.free;
	return any;
}
