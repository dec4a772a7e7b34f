/*
 * error.c - the errors of the API
 *
 * Pure: no I/O.
 */
#include "error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "xml.h"

// clang-format off
static const struct error errors[] = {
	{10004, 429, "Call concurrency limit exceeded: %s"},
	{ERROR_PARAMETER, 400, "Invalid parameter %s"},
	{ERROR_WHO, 401, "Authenticate"},
	{ERROR_METHOD, 405, "Method not allowed: this resource does not know %s"},
	{ERROR_INACTIVE, 403, "Account not active"},
	{ERROR_ACCESS, 403, "Access denied: %s"},
	{ERROR_PAGE_SIZE, 400, "PageSize must be a number from 1 to 1000"},
	{20009, 409, "It can not be deleted before it has ended"},
	{ERROR_MISSING, 404, "The requested resource %s was not found"},
	{ERROR_CONFLICT, 409, "The resource changes at this moment: try again"},
	{ERROR_FULL, 400, "The account has as many of these as it may have"},
	{ERROR_TOO_LARGE, 413, "The request is too large"},
	{ERROR_TOO_MANY, 429, "Too many requests"},
	{ERROR_INTERNAL, 500, "Internal error"},
	{ERROR_AWAY, 503, "Service unavailable: try again soon"},
	{16113, 400, "A mono recording has no second channel"},
	{21101, 400, "A subaccount can not have subaccounts"},
	{21201, 400, "No 'To' number is specified"},
	{21205, 400, "Url is not a valid URL: %s"},
	{21209, 400, "Invalid method: %s is neither GET nor POST"},
	{21210, 400, "The 'From' number %s is not a number of this account nor a verified caller id"},
	{21211, 400, "The 'To' number %s is not a valid phone number"},
	{21212, 400, "The 'From' number %s is not a valid phone number, shortcode or client"},
	{21213, 400, "A 'From' number is required to place a call"},
	{21214, 400, "The 'To' number %s can not be reached"},
	{21215, 400, "Account not authorized to call %s: enable the country in the dialing permissions"},
	{21216, 400, "Calls to %s are blocked"},
	{21217, 400, "%s does not look like a phone number"},
	{21218, 400, "Invalid ApplicationSid %s"},
	{21219, 400, "The number %s is unverified: trial accounts may only call verified numbers"},
	{21220, 400, "Invalid call state: %s"},
	{21221, 400, "SipAuthUsername is not valid: %s"},
	{21222, 400, "SipAuthPassword is not valid: %s"},
	{21230, 400, "The account has as many SIP domains as it may have"},
	{21231, 400, "SIP domain: %s"},
	{21232, 400, "DomainName %s is invalid or taken"},
	{21233, 400, "The SIP domain still has mappings or numbers: %s"},
	{21235, 400, "IP access control list: %s"},
	{21236, 400, "The IP access control list is still mapped to SIP domain %s: remove the mapping first"},
	{21237, 400, "The list has as many IP addresses as it may have"},
	{21238, 400, "IpAddress %s is not an IPv4 address"},
	{21239, 400, "Credential list: %s"},
	{21240, 400, "The credential list is still mapped to SIP domain %s: remove the mapping first"},
	{21241, 400, "Username %s is invalid or taken"},
	{21242, 400, "Password is too weak: it needs 12 characters or more, with a digit, small and capital letters"},
	{21243, 400, "The list has as many credentials as it may have"},
	{21255, 400, "The account has as many IP access control lists as it may have"},
	{21402, 400, "The URL %s is not valid"},
	{21403, 400, "The method %s is neither GET nor POST"},
	{21404, 400, "The account has as many phone numbers as it may have"},
	{21405, 400, "The phone number is not configured for this: %s"},
	{21421, 400, "PhoneNumber %s is invalid"},
	{21422, 400, "PhoneNumber %s is not available"},
	{21449, 400, "The number %s is no caller id of this account"},
	{21450, 400, "The number %s is already validated for this account"},
	{21451, 400, "AreaCode %s is invalid"},
	{21452, 400, "No phone numbers are available in area %s"},
	{21453, 400, "The number %s is a number of another account"},
	{21454, 400, "CallDelay must be a number from 0 to 60"},
	{21479, 400, "Unable to update Status: the account was closed, and stays closed"},
	{21481, 400, "Invalid PageToken"},
	{21618, 400, "The TwiML is wrong: %s"},
	{32018, 400, "Twiml is longer than 4000 characters: let an application or a TwiML Bin serve it, and say its Url"},
	{32019, 400, "Url and Twiml exclude each other"},
};
// clang-format on

const struct error *error_of(uint32_t code)
{
	static const struct error other = {0, 400, "Bad request: %s"};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return &errors[i];
	return &other;
}

void error_text(uint32_t code, const char *detail, char *out, size_t size)
{
	const struct error *e = error_of(code);
	const char *at = strstr(e->message, "%s");
	int before = at ? (int)(at - e->message) : (int)strlen(e->message);

	while (at && !(detail && *detail) && before > 0 &&
	       strchr(" :", e->message[before - 1]))
		before--; /* no gap where nothing is told */
	(void)snprintf(out, size, "%.*s%.*s%s", before, e->message,
	               ERROR_DETAIL_MAX, at && detail ? detail : "",
	               at ? at + 2 : "");
}

static json_t *make(uint32_t code, const char *detail)
{
	const struct error *e = error_of(code);
	char message[512], more[80];
	json_t *text;

	error_text(code, detail, message, sizeof(message));
	(void)snprintf(more, sizeof(more),
	               "https://www.twilio.com/docs/errors/%u", code);
	text = json_string(message);
	if (!text) { /* the detail is no UTF-8 */
		error_text(code, "", message, sizeof(message));
		text = json_string(message);
	}
	return json_pack("{s:i, s:o, s:s, s:i}", "code", (int)code, "message",
	                 text, "more_info", more, "status", (int)e->status);
}

char *error_json(uint32_t code, const char *detail)
{
	json_t *o = make(code, detail);
	char *out = o ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	return out;
}

char *error_xml(uint32_t code, const char *detail)
{
	json_t *o = make(code, detail);
	char *out = o ? xml_document("RestException", o) : NULL;

	json_decref(o);
	return out;
}
