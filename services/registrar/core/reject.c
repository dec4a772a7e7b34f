/*
 * reject.c - the refusals that a tenant or phone is told about, as one table
 *
 * A registrar answers no 6xx (RFC 3261 10.3), a call to an account that is not
 * active is declined everywhere. Pure: no I/O, no clock, no log.
 */
#include "reject.h"

#include <assert.h>
#include <stddef.h>

// clang-format off
static const struct reject_row rows[] = {
	[REJECT_NO_DOMAIN] = {404, 404, 32002, "Domain Not Found",
		"No SIP domain of this name here: the phone's domain must be one of the SIP domains"},
	[REJECT_NOT_IN_DOMAIN] = {404, 404, 32212, "Not In This Domain",
		"The address to register is not in the domain that the request was sent to"},
	[REJECT_INACTIVE] = {403, 603, 10001, "Account Not Active",
		"The account is not active"},
	[REJECT_INACTIVE_CALLED] = {403, 603, 10003, "Account Not Active",
		"The account of the called number is not active: calls to it are declined"},
	[REJECT_REGISTRATION_OFF] = {403, 403, 32210, "Registration Not Enabled",
		"SIP registration is off for this domain: set SipRegistration=true"},
	[REJECT_NO_USERS] = {403, 403, 32212, "Registration Not Possible",
		"No credential list may register with this domain: map one under Auth/Registrations"},
	[REJECT_INSECURE] = {403, 488, 32209, "Secure SIP transport required",
		"This domain is secure: the phone must use TLS"},
	[REJECT_WRONG] = {403, 403, 32202, "Bad Credentials",
		"Authentication failure - wrong password, or no such user in the credential lists mapped to this domain"},
	[REJECT_BLOCKED] = {403, 403, 32202, "Too Many Wrong Passwords",
		"Authentication failure - too many wrong passwords from this address: correct it and wait ten minutes"},
	[REJECT_OTHER_USER] = {403, 403, 32212, "Not Your Address",
		"A user may register only the address of its own name: To must have the authentication username"},
	[REJECT_FULL] = {403, 403, 32007, "Too Many Devices",
		"Ten devices are registered for this user already"},
	[REJECT_TOO_OFTEN] = {503, 503, 32008, "Too Many Registrations",
		"This user registers too often: let the phone refresh each few minutes, not many times a second"},
	[REJECT_BAD_CONTACT] = {400, 400, 32105, "Bad Contact",
		"The Contact of the registration can not be used"},
	[REJECT_BAD_CREDENTIALS] = {400, 400, 32106, "Bad Authorization",
		"The Authorization header can not be read, or its uri is not the Request-URI"},
	[REJECT_BAD_URI] = {400, 400, 32110, "Bad URI",
		"The address can not be read, or its user is missing"},
	[REJECT_NO_CALL_AUTH] = {403, 403, 32200, "Calls Not Enabled",
		"Nothing may call from this domain: map a credential list or an IP access control list under Auth/Calls"},
	[REJECT_NOT_IN_ACL] = {403, 403, 32201, "Source Not Allowed",
		"Authentication failure - source IP Address not in ACL"},
	[REJECT_NO_NUMBER] = {404, 404, 32101, "Number Not Found",
		"The called number is none of this installation: add it under IncomingPhoneNumbers"},
};
// clang-format on

const struct reject_row *reject_row(enum reject reject)
{
	assert((size_t)reject < sizeof(rows) / sizeof(rows[0]));
	return &rows[reject];
}
