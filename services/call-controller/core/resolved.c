/*
 * resolved.c - what it means that nobody can be called
 *
 * Pure.
 */
#include "resolved.h"

static const struct resolved_refusal refusals[] = {
	[RESOLVED_FORK] = {0, 200, ""},
	[RESOLVED_FAILOVER] = {0, 200, ""},
	[RESOLVED_NOT_REGISTERED] = {32009, 480, "the user is not registered"},
	[RESOLVED_NOT_FOUND] = {32009, 404, "there is no such user"},
	[RESOLVED_NO_USER] = {32223, 404, "the URI has no user"},
	[RESOLVED_OTHER_TENANT] = {32214, 403,
                                   "the domain belongs to another account"},
	[RESOLVED_FORBIDDEN] = {13254, 403,
                                "the host has no address that may be called"},
	[RESOLVED_NO_CARRIER] = {13224, 404, "no carrier takes this number"},
	[RESOLVED_NO_TARGET] = {32010, 503,
                                "the carrier has no target to call: set its "
                                "Targets"},
	[RESOLVED_UNAVAILABLE] = {12400, 503, "the registrar does not answer"},
	[RESOLVED_CLOSED] = {13227, 403,
                             "this country or kind of number is not open to "
                             "the account: see its dialing permissions"},
	[RESOLVED_NO_COUNTRY] = {13226, 404, "no country has this number"},
	[RESOLVED_TRIAL] = {32100, 403,
                            "a trial account may only call verified numbers"},
	[RESOLVED_NO_EMERGENCY] = {13223, 484,
                                   "this is not a telephone number"},
	[RESOLVED_EMERGENCY_OFF] = {13224, 403,
                                    "it is an emergency number: set "
                                    "EmergencyCallingEnabled of the SIP domain "
                                    "and `emergency` of a carrier that takes "
                                    "them"},
	[RESOLVED_NO_EMERGENCY_CARRIER] = {13224, 404,
                                           "no carrier takes emergency "
                                           "numbers: set `emergency` of one "
                                           "that does"},
};

const struct resolved_refusal resolved_redirect = {
	32219, 403,
	"it redirects the call (3xx) to where it is not sent: a user or number "
	"of ours, or an address that may not be called; let the application "
	"forward the call instead"};

const struct resolved_refusal *resolved_refusal(enum resolution resolution)
{
	return &refusals[resolution];
}

bool resolved_reachable(enum resolution resolution)
{
	return resolution == RESOLVED_FORK || resolution == RESOLVED_FAILOVER;
}
