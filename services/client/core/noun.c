/*
 * noun.c - what `trestle` can talk about
 *
 * Pure: no I/O.
 */
#include "noun.h"

#include <string.h>

#define READ ((1U << VERB_LIST) | (1U << VERB_SHOW))
#define ALL  (READ | (1U << VERB_ADD) | (1U << VERB_SET) | (1U << VERB_REMOVE))
#define SEEN (READ | (1U << VERB_REMOVE))

// clang-format off
const struct noun nouns[] = {
	{.name = "domains", .path = "SIP/Domains", .key = "domains", .prefix = "SD", .label = "domain_name",
		.columns = "domain_name voice_url sip_registration auth_type sid", .add = {"DomainName", "VoiceUrl"}, .verbs = ALL,
		.help = "SIP domains: what phones call their server"},
	{.name = "lists", .path = "SIP/CredentialLists", .key = "credential_lists", .prefix = "CL", .label = "friendly_name",
		.columns = "friendly_name date_created sid", .add = {"FriendlyName"}, .verbs = ALL,
		.help = "lists of users"},
	{.name = "users", .path = "SIP/CredentialLists/{}/Credentials", .key = "credentials", .prefix = "CR", .label = "username",
		.columns = "username date_created sid", .parent = "lists", .add = {"Username", "Password"}, .verbs = ALL,
		.help = "users of a list, with their passwords"},
	{.name = "access-lists", .path = "SIP/IpAccessControlLists", .key = "ip_access_control_lists", .prefix = "AL", .label = "friendly_name",
		.columns = "friendly_name date_created sid", .add = {"FriendlyName"}, .verbs = ALL,
		.help = "lists of addresses that may call"},
	{.name = "addresses", .path = "SIP/IpAccessControlLists/{}/IpAddresses", .key = "ip_addresses", .prefix = "IP", .label = "friendly_name",
		.columns = "friendly_name ip_address cidr_prefix_length sid", .parent = "access-lists", .add = {"FriendlyName", "IpAddress", "CidrPrefixLength"}, .verbs = ALL,
		.help = "addresses of an access list"},
	{.name = "call-lists", .path = "SIP/Domains/{}/Auth/Calls/CredentialListMappings", .key = "contents", .prefix = "CL", .label = "friendly_name",
		.columns = "friendly_name sid", .parent = "domains", .add = {"CredentialListSid"}, .verbs = SEEN | (1U << VERB_ADD),
		.help = "lists whose users may call at a domain"},
	{.name = "registration-lists", .path = "SIP/Domains/{}/Auth/Registrations/CredentialListMappings", .key = "contents", .prefix = "CL", .label = "friendly_name",
		.columns = "friendly_name sid", .parent = "domains", .add = {"CredentialListSid"}, .verbs = SEEN | (1U << VERB_ADD),
		.help = "lists whose users may register at a domain"},
	{.name = "registrations", .path = "SIP/Registrations", .key = "registrations", .prefix = "RG", .label = "aor",
		.columns = "aor transport source user_agent date_expires sid", .verbs = (1U << VERB_LIST) | (1U << VERB_REMOVE), .by_uri = true,
		.help = "who is registered, from where, until when; remove: user@domain, or one device"},
	{.name = "numbers", .path = "IncomingPhoneNumbers", .key = "incoming_phone_numbers", .prefix = "PN", .label = "phone_number",
		.columns = "phone_number friendly_name voice_url voice_application_sid sid", .add = {"PhoneNumber", "VoiceUrl"}, .verbs = ALL,
		.help = "phone numbers of ours"},
	{.name = "caller-ids", .path = "OutgoingCallerIds", .key = "outgoing_caller_ids", .prefix = "PN", .label = "phone_number",
		.columns = "phone_number friendly_name sid", .add = {"PhoneNumber", "FriendlyName"}, .verbs = ALL,
		.help = "other numbers that may be shown to callees"},
	{.name = "applications", .path = "Applications", .key = "applications", .prefix = "AP", .label = "friendly_name",
		.columns = "friendly_name voice_url sid", .add = {"FriendlyName", "VoiceUrl"}, .verbs = ALL,
		.help = "webhooks that several numbers share"},
	{.name = "bins", .path = "TwimlBins", .key = "twiml_bins", .prefix = "EH", .label = "friendly_name",
		.columns = "friendly_name path sid", .add = {"FriendlyName", "Twiml"}, .verbs = ALL,
		.help = "TwiML that Trestle serves itself"},
	{.name = "carriers", .path = "Carriers", .key = "carriers", .prefix = "BY", .label = "friendly_name",
		.columns = "friendly_name priority prefixes sources sid", .add = {"FriendlyName"}, .verbs = ALL,
		.help = "ways to the phone network"},
	{.name = "accounts", .path = "/2010-04-01/Accounts", .key = "accounts", .prefix = "AC", .label = "friendly_name",
		.columns = "friendly_name status type sid", .add = {"FriendlyName"}, .verbs = READ | (1U << VERB_ADD) | (1U << VERB_SET),
		.help = "the account and its subaccounts"},
	{.name = "limits", .path = "/2010-04-01/Accounts/{}/Limits", .key = "limits", .prefix = "AC", .label = "account_sid",
		.columns = "calls_max calls_per_second", .parent = "accounts", .verbs = (1U << VERB_SHOW) | (1U << VERB_SET), .single = true,
		.help = "how many calls an account may have, and place in a second"},
	{.name = "keys", .path = "Keys", .key = "keys", .prefix = "SK", .label = "friendly_name",
		.columns = "friendly_name date_created sid", .add = {"FriendlyName"}, .verbs = ALL,
		.help = "API keys"},
	{.name = "calls", .path = "Calls", .key = "calls", .prefix = "CA", .label = "sid",
		.columns = "start_time direction from to status duration price sid", .add = {"To", "From", "Url"}, .verbs = ALL,
		.help = "calls: live and of before; add places one, see also hangup"},
	{.name = "recordings", .path = "Recordings", .key = "recordings", .prefix = "RE", .label = "sid",
		.columns = "start_time duration status source call_sid sid", .verbs = SEEN,
		.help = "recordings"},
	{.name = "alerts", .path = "/v1/Alerts", .key = "alerts", .prefix = "NO", .label = "sid",
		.columns = "date_created log_level error_code resource_sid alert_text", .verbs = READ,
		.help = "what went wrong"},
	{.name = NULL},
};
// clang-format on

static const struct {
	const char *word;
	enum verb verb;
} words[] = {
	{"list", VERB_LIST},     {"ls", VERB_LIST},   {"show", VERB_SHOW},
	{"get", VERB_SHOW},      {"add", VERB_ADD},   {"create", VERB_ADD},
	{"place", VERB_ADD},     {"set", VERB_SET},   {"update", VERB_SET},
	{"remove", VERB_REMOVE}, {"rm", VERB_REMOVE}, {"delete", VERB_REMOVE},
};

const struct noun *noun_find(const char *word)
{
	size_t n = strlen(word);

	for (const struct noun *noun = nouns; noun->name; noun++)
		if (strcmp(noun->name, word) == 0 ||
		    (strncmp(noun->name, word, n) == 0 &&
		     (strcmp(noun->name + n, "s") == 0 ||
		      strcmp(noun->name + n, "es") == 0)))
			return noun;
	return NULL;
}

enum verb verb_find(const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].verb;
	return VERB_COUNT;
}

const char *verb_name(enum verb v)
{
	static const char *const names[VERB_COUNT] = {
		[VERB_LIST] = "list",     [VERB_SHOW] = "show",
		[VERB_ADD] = "add",       [VERB_SET] = "set",
		[VERB_REMOVE] = "remove",
	};

	return v < VERB_COUNT ? names[v] : "";
}
