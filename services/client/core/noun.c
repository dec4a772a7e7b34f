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
		.params = "DomainName FriendlyName VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod VoiceStatusCallbackUrl VoiceStatusCallbackMethod SipRegistration Secure EmergencyCallingEnabled EmergencyCallerSid ByocTrunkSid DefaultCallerId Md5Only",
		.help = "SIP domains: what phones call their server"},
	{.name = "lists", .path = "SIP/CredentialLists", .key = "credential_lists", .prefix = "CL", .label = "friendly_name",
		.columns = "friendly_name date_created sid", .add = {"FriendlyName"}, .verbs = ALL,
		.params = "FriendlyName",
		.help = "lists of users"},
	{.name = "users", .path = "SIP/CredentialLists/{}/Credentials", .key = "credentials", .prefix = "CR", .label = "username",
		.columns = "username date_created sid", .parent = "lists", .add = {"Username", "Password"}, .verbs = ALL,
		.params = "Username Password",
		.changes = "Password",
		.help = "users of a list, with their passwords"},
	{.name = "access-lists", .path = "SIP/IpAccessControlLists", .key = "ip_access_control_lists", .prefix = "AL", .label = "friendly_name",
		.columns = "friendly_name date_created sid", .add = {"FriendlyName"}, .verbs = ALL,
		.params = "FriendlyName",
		.help = "lists of addresses that may call"},
	{.name = "addresses", .path = "SIP/IpAccessControlLists/{}/IpAddresses", .key = "ip_addresses", .prefix = "IP", .label = "friendly_name",
		.columns = "friendly_name ip_address cidr_prefix_length sid", .parent = "access-lists", .add = {"FriendlyName", "IpAddress", "CidrPrefixLength"}, .verbs = ALL,
		.params = "FriendlyName IpAddress CidrPrefixLength",
		.help = "addresses of an access list"},
	{.name = "call-lists", .path = "SIP/Domains/{}/Auth/Calls/CredentialListMappings", .key = "contents", .prefix = "CL", .label = "friendly_name",
		.columns = "friendly_name sid", .parent = "domains", .add = {"CredentialListSid"}, .verbs = SEEN | (1U << VERB_ADD),
		.params = "CredentialListSid",
		.help = "lists whose users may call at a domain"},
	{.name = "registration-lists", .path = "SIP/Domains/{}/Auth/Registrations/CredentialListMappings", .key = "contents", .prefix = "CL", .label = "friendly_name",
		.columns = "friendly_name sid", .parent = "domains", .add = {"CredentialListSid"}, .verbs = SEEN | (1U << VERB_ADD),
		.params = "CredentialListSid",
		.help = "lists whose users may register at a domain"},
	{.name = "registrations", .path = "SIP/Registrations", .key = "registrations", .prefix = "RG", .label = "aor",
		.columns = "aor transport source user_agent date_expires sid", .verbs = (1U << VERB_LIST) | (1U << VERB_REMOVE), .by_uri = true,
		.help = "who is registered, from where, until when; remove: user@domain, or one device"},
	{.name = "numbers", .path = "IncomingPhoneNumbers", .key = "incoming_phone_numbers", .prefix = "PN", .label = "phone_number",
		.columns = "phone_number friendly_name voice_url voice_application_sid sid", .add = {"PhoneNumber", "VoiceUrl"}, .verbs = ALL,
		.filters = "PhoneNumber FriendlyName Origin Beta",
		.params = "PhoneNumber AreaCode FriendlyName VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod VoiceApplicationSid VoiceCallerIdLookup StatusCallback StatusCallbackMethod TrunkSid SmsUrl SmsMethod SmsFallbackUrl SmsFallbackMethod SmsApplicationSid AddressSid IdentitySid BundleSid",
		.changes = "FriendlyName VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod VoiceApplicationSid VoiceCallerIdLookup StatusCallback StatusCallbackMethod TrunkSid SmsUrl SmsMethod SmsFallbackUrl SmsFallbackMethod SmsApplicationSid AddressSid IdentitySid BundleSid AccountSid",
		.help = "phone numbers of ours"},
	{.name = "caller-ids", .path = "OutgoingCallerIds", .key = "outgoing_caller_ids", .prefix = "PN", .label = "phone_number",
		.columns = "phone_number friendly_name sid", .add = {"PhoneNumber", "FriendlyName"}, .verbs = ALL,
		.filters = "PhoneNumber FriendlyName",
		.params = "PhoneNumber FriendlyName CallDelay Extension StatusCallback StatusCallbackMethod",
		.changes = "FriendlyName",
		.help = "other numbers that may be shown to callees"},
	{.name = "applications", .path = "Applications", .key = "applications", .prefix = "AP", .label = "friendly_name",
		.columns = "friendly_name voice_url sid", .add = {"FriendlyName", "VoiceUrl"}, .verbs = ALL,
		.filters = "FriendlyName",
		.params = "FriendlyName VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod StatusCallback StatusCallbackMethod VoiceCallerIdLookup PublicApplicationConnectEnabled SmsUrl SmsMethod SmsFallbackUrl SmsFallbackMethod SmsStatusCallback MessageStatusCallback",
		.help = "webhooks that several numbers share"},
	{.name = "bins", .path = "TwimlBins", .key = "twiml_bins", .prefix = "EH", .label = "friendly_name",
		.columns = "friendly_name path sid", .add = {"FriendlyName", "Twiml"}, .verbs = ALL,
		.filters = "FriendlyName",
		.params = "FriendlyName Twiml",
		.help = "TwiML that Trestle serves itself"},
	{.name = "carriers", .path = "Carriers", .key = "carriers", .prefix = "BY", .label = "friendly_name",
		.columns = "friendly_name priority prefixes sources sid", .add = {"FriendlyName"}, .verbs = ALL,
		.filters = "FriendlyName",
		.params = "FriendlyName Sources Prefixes Numbers Priority StripPlus Prefix Country Host Username Password Md5Only MediaSource Emergency Targets",
		.help = "ways to the phone network"},
	{.name = "accounts", .path = "/2010-04-01/Accounts", .key = "accounts", .prefix = "AC", .label = "friendly_name",
		.columns = "friendly_name status type sid", .add = {"FriendlyName"}, .verbs = READ | (1U << VERB_ADD) | (1U << VERB_SET),
		.filters = "FriendlyName Status",
		.params = "FriendlyName Status DebuggerUrl",
		.help = "the account and its subaccounts"},
	{.name = "limits", .path = "/2010-04-01/Accounts/{}/Limits", .key = "limits", .prefix = "AC", .label = "account_sid",
		.columns = "calls_max calls_per_second", .parent = "accounts", .verbs = (1U << VERB_SHOW) | (1U << VERB_SET), .single = true,
		.params = "CallsMax CallsPerSecond",
		.help = "how many calls an account may have, and place in a second"},
	{.name = "keys", .path = "Keys", .key = "keys", .prefix = "SK", .label = "friendly_name",
		.columns = "friendly_name date_created sid", .add = {"FriendlyName"}, .verbs = ALL,
		.params = "FriendlyName",
		.help = "API keys"},
	{.name = "calls", .path = "Calls", .key = "calls", .prefix = "CA", .label = "sid",
		.columns = "start_time direction from to status duration price sid", .add = {"To", "From", "Url"}, .verbs = ALL,
		.filters = "To From ParentCallSid Status",
		.dates = "StartTime EndTime",
		.params = "To From Url Method Twiml ApplicationSid FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod StatusCallbackEvent Timeout TimeLimit SendDigits Record RecordingChannels RecordingTrack RecordingStatusCallback RecordingStatusCallbackMethod RecordingStatusCallbackEvent Trim SipAuthUsername SipAuthPassword MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod CallerId Byoc CallReason",
		.changes = "Url Method Twiml Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod TimeLimit",
		.help = "calls: live and of before; add places one, see also hangup"},
	{.name = "recordings", .path = "Recordings", .key = "recordings", .prefix = "RE", .label = "sid",
		.columns = "start_time duration status source call_sid sid", .verbs = SEEN,
		.filters = "CallSid ConferenceSid IncludeSoftDeleted",
		.dates = "DateCreated",
		.help = "recordings"},
	{.name = "alerts", .path = "/v1/Alerts", .key = "alerts", .prefix = "NO", .label = "sid",
		.columns = "date_created log_level error_code resource_sid source text", .verbs = READ,
		.filters = "LogLevel StartDate EndDate",
		.help = "what went wrong"},
	{.name = "rejections", .path = "SIP/Rejections", .key = "rejections", .prefix = "NO", .label = "sid",
		.columns = "date_created source method user domain status error_code reason", .verbs = 1U << VERB_LIST,
		.dates = "DateCreated",
		.help = "SIP requests that were refused before there was a call: from where, and why"},
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

const struct options *noun_options(const struct noun *noun, enum verb v,
                                   struct options *out)
{
	*out = (struct options){0};
	if (v == VERB_LIST)
		*out = (struct options){noun->filters, noun->dates};
	else if (v == VERB_ADD)
		out->names = noun->params;
	else if (v == VERB_SET)
		out->names = noun->changes ? noun->changes : noun->params;
	return out;
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
