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
	[REJECT_NO_DOMAIN] = {404, 404, "Domain Not Found", 32002,
		"No SIP domain of this name here: the phone's domain must be one of the SIP domains"},
	[REJECT_NOT_IN_DOMAIN] = {404, 404, "Not In This Domain", 32212,
		"The address to register is not in the domain that the request was sent to"},
	[REJECT_INACTIVE] = {403, 603, "Account Not Active", 10001,
		"The account is not active"},
	[REJECT_REGISTRATION_OFF] = {403, 403, "Registration Not Enabled", 32210,
		"SIP registration is off for this domain: set SipRegistration=true"},
	[REJECT_NO_USERS] = {403, 403, "Registration Not Possible", 32212,
		"No credential list may register with this domain: map one under Auth/Registrations"},
	[REJECT_INSECURE] = {403, 488, "Secure SIP transport required", 32209,
		"This domain is secure: the phone must use TLS"},
	[REJECT_WRONG] = {403, 403, "Bad Credentials", 32202,
		"Authentication failure - wrong password, or no such user in the credential lists mapped to this domain"},
	[REJECT_BLOCKED] = {403, 403, "Too Many Wrong Passwords", 32202,
		"Authentication failure - too many wrong passwords from this address: correct it and wait ten minutes"},
	[REJECT_OTHER_USER] = {403, 403, "Not Your Address", 32212,
		"A user may register only the address of its own name: To must have the authentication username"},
	[REJECT_FULL] = {403, 403, "Too Many Devices", 32007,
		"Ten devices are registered for this user already"},
	[REJECT_BAD_CONTACT] = {400, 400, "Bad Contact", 32105,
		"The Contact of the registration can not be used"},
	[REJECT_BAD_CREDENTIALS] = {400, 400, "Bad Authorization", 32106,
		"The Authorization header can not be read, or its uri is not the Request-URI"},
	[REJECT_BAD_URI] = {400, 400, "Bad URI", 32110,
		"The address can not be read, or its user is missing"},
	[REJECT_NO_CALL_AUTH] = {403, 403, "Calls Not Enabled", 32200,
		"Nothing may call from this domain: map a credential list or an IP access control list under Auth/Calls"},
	[REJECT_NOT_IN_ACL] = {403, 403, "Source Not Allowed", 32201,
		"Authentication failure - source IP Address not in ACL"},
	[REJECT_NO_NUMBER] = {404, 404, "Number Not Found", 32101,
		"The called number is none of this installation: add it under IncomingPhoneNumbers"},
};
// clang-format on

const struct reject_row *reject_row(enum reject reject)
{
	assert((size_t)reject < sizeof(rows) / sizeof(rows[0]));
	return &rows[reject];
}
