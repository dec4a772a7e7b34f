/*
 * routes.c - the paths of the API (contract 6)
 *
 * Behind `/2010-04-01/Accounts/{AC}/`; core/route.h says what a pattern is.
 */
#include "resources.h"

#include "crud.h"
#include "numbers.h"

#define CRUD(path, item, one)                                                  \
	{path, &(one), crud_list, crud_create, NULL, 0},                       \
	{                                                                      \
		item, &(one), crud_fetch, crud_update, crud_delete, 0          \
	}

// clang-format off
const struct route resources_routes[] = {
	{".", &account_resource, accounts_list, accounts_create, NULL, ROUTE_MASTER},
	{"", &account_resource, accounts_fetch, accounts_update, NULL, ROUTE_MASTER},
	{"Keys", &key_resource, crud_list, keys_create, NULL, ROUTE_MASTER},
	{"Keys/{SK}", &key_resource, crud_fetch, crud_update, crud_delete, ROUTE_MASTER},
	{"SigningKeys", &signing_key_resource, crud_list, keys_create, NULL, ROUTE_MASTER},
	{"SigningKeys/{SK}", &signing_key_resource, crud_fetch, crud_update, crud_delete, ROUTE_MASTER},

	{"Calls", &call_resource, calls_list, calls_create, NULL, 0},
	{"Calls/{CA}", &call_resource, crud_fetch, calls_update, calls_delete, 0},
	{"Calls/{CA}/FunctionLogs", NULL, function_logs_list, NULL, NULL, 0},
	{"Calls/{CA}/Recordings", &call_recording_resource, crud_list, recordings_start, NULL, 0},
	{"Calls/{CA}/Recordings/Twilio.CURRENT", &call_recording_resource, NULL, recordings_update, NULL, 0},
	{"Calls/{CA}/Recordings/{RE}", &call_recording_resource, recordings_fetch, recordings_update, recordings_delete, ROUTE_MEDIA},
	{"Calls/{CA}/Notifications", NULL, alerts_list, NULL, NULL, 0},
	{"Calls/{CA}/Notifications/{NO}", NULL, alerts_fetch, NULL, NULL, 0},
	{"Calls/{CA}/Events", NULL, events_list, NULL, NULL, 0},
	{"Notifications", NULL, alerts_list, NULL, NULL, 0},
	{"Notifications/{NO}", NULL, alerts_fetch, NULL, NULL, 0},
	{"SIP/Rejections", NULL, alerts_list, NULL, NULL, 0},
	{"/v1/Alerts", NULL, alerts_list, NULL, NULL, 0},
	{"/v1/Alerts/{NO}", NULL, alerts_fetch, NULL, NULL, 0},
	{"Recordings", &recording_resource, recordings_list, NULL, NULL, 0},
	{"Recordings/{RE}", &recording_resource, recordings_fetch, NULL, recordings_delete, ROUTE_MEDIA},
	{"Recordings/{RE}/Transcriptions", &recording_transcription_resource, crud_list, NULL, NULL, 0},
	{"Recordings/{RE}/Transcriptions/{TR}", &recording_transcription_resource, crud_fetch, NULL, transcriptions_delete, 0},
	{"Transcriptions", &transcription_resource, crud_list, NULL, NULL, 0},
	{"Transcriptions/{TR}", &transcription_resource, crud_fetch, NULL, transcriptions_delete, 0},

	{"SIP/Domains", &domain_resource, crud_list, domains_create, NULL, 0},
	{"SIP/Domains/{SD}", &domain_resource, crud_fetch, crud_update, crud_delete, 0},
	{"SIP/Domains/{SD}/Auth/Calls/CredentialListMappings", NULL, mappings_list, mappings_create, NULL, 0},
	{"SIP/Domains/{SD}/Auth/Calls/CredentialListMappings/{CL}", NULL, mappings_fetch, NULL, mappings_delete, 0},
	{"SIP/Domains/{SD}/Auth/Calls/IpAccessControlListMappings", NULL, mappings_list, mappings_create, NULL, 0},
	{"SIP/Domains/{SD}/Auth/Calls/IpAccessControlListMappings/{AL}", NULL, mappings_fetch, NULL, mappings_delete, 0},
	{"SIP/Domains/{SD}/Auth/Registrations/CredentialListMappings", NULL, mappings_list, mappings_create, NULL, 0},
	{"SIP/Domains/{SD}/Auth/Registrations/CredentialListMappings/{CL}", NULL, mappings_fetch, NULL, mappings_delete, 0},
	{"SIP/Domains/{SD}/CredentialListMappings", NULL, mappings_list, mappings_create, NULL, 0},
	{"SIP/Domains/{SD}/CredentialListMappings/{CL}", NULL, mappings_fetch, NULL, mappings_delete, 0},
	{"SIP/Domains/{SD}/IpAccessControlListMappings", NULL, mappings_list, mappings_create, NULL, 0},
	{"SIP/Domains/{SD}/IpAccessControlListMappings/{AL}", NULL, mappings_fetch, NULL, mappings_delete, 0},

	{"SIP/CredentialLists", &credential_list_resource, crud_list, crud_create, NULL, 0},
	{"SIP/CredentialLists/{CL}", &credential_list_resource, crud_fetch, crud_update, credential_lists_delete, 0},
	{"SIP/CredentialLists/{CL}/Credentials", &credential_resource, crud_list, credentials_create, NULL, 0},
	{"SIP/CredentialLists/{CL}/Credentials/{CR}", &credential_resource, crud_fetch, credentials_update, crud_delete, 0},

	{"SIP/IpAccessControlLists", &access_list_resource, crud_list, crud_create, NULL, 0},
	{"SIP/IpAccessControlLists/{AL}", &access_list_resource, crud_fetch, crud_update, access_lists_delete, 0},
	CRUD("SIP/IpAccessControlLists/{AL}/IpAddresses", "SIP/IpAccessControlLists/{AL}/IpAddresses/{IP}", address_resource),

	CRUD("Applications", "Applications/{AP}", application_resource),
	{"IncomingPhoneNumbers", &number_resource, numbers_list, numbers_create, NULL, 0},
	{"IncomingPhoneNumbers/Local", &number_local_resource, numbers_list, numbers_create, NULL, 0},
	{"IncomingPhoneNumbers/Mobile", &number_mobile_resource, numbers_list, numbers_create, NULL, 0},
	{"IncomingPhoneNumbers/TollFree", &number_toll_free_resource, numbers_list, numbers_create, NULL, 0},
	{"IncomingPhoneNumbers/{PN}", &number_resource, crud_fetch, numbers_update, crud_delete, 0},
	{"AvailablePhoneNumbers", NULL, countries_list, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}", NULL, countries_fetch, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/Local", NULL, available_local, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/Mobile", NULL, available_mobile, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/TollFree", NULL, available_toll_free, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/National", NULL, available_none, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/Voip", NULL, available_none, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/SharedCost", NULL, available_none, NULL, NULL, 0},
	{"AvailablePhoneNumbers/{}/MachineToMachine", NULL, available_none, NULL, NULL, 0},

	{"/v1/DialingPermissions/Countries", NULL, permissions_list, NULL, NULL, 0},
	{"/v1/DialingPermissions/Countries/{}", NULL, permissions_fetch, NULL, NULL, 0},
	{"/v1/DialingPermissions/Countries/{}/HighRiskSpecialPrefixes", NULL, permissions_prefixes, NULL, NULL, 0},
	{"/v1/DialingPermissions/BulkCountryUpdates", NULL, NULL, permissions_bulk, NULL, 0},
	{"/v1/Settings", NULL, settings_fetch, settings_update, NULL, 0},

	{"/v1/Voice/Summaries", &call_summary_resource, insights_summaries, NULL, NULL, 0},
	{"/v1/Voice/{CA}", NULL, insights_fetch, NULL, NULL, 0},
	{"/v1/Voice/{CA}/Summary", &call_summary_resource, insights_summary, NULL, NULL, 0},
	{"/v1/Voice/{CA}/Metrics", NULL, insights_metrics, NULL, NULL, 0},
	{"/v1/Voice/{CA}/Events", NULL, insights_events, NULL, NULL, 0},
	{"/v1/Voice/{CA}/Annotation", NULL, annotations_fetch, annotations_update, NULL, 0},
	{"Balance", NULL, balance_fetch, NULL, NULL, 0},
	{"Usage/Records", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/AllTime", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/Daily", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/LastMonth", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/Monthly", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/ThisMonth", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/Today", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/Yearly", NULL, usage_list, NULL, NULL, 0},
	{"Usage/Records/Yesterday", NULL, usage_list, NULL, NULL, 0},

	CRUD("TwimlBins", "TwimlBins/{EH}", twiml_bin_resource),
	{"Carriers", &carrier_resource, crud_list, carriers_write, NULL, 0},
	{"Carriers/{BY}", &carrier_resource, crud_fetch, carriers_write, crud_delete, 0},
	{"Rates", &rate_resource, crud_list, rates_write, NULL, 0},
	{"Rates/{RT}", &rate_resource, crud_fetch, rates_write, crud_delete, 0},
	{"Limits", NULL, limits_fetch, limits_update, NULL, ROUTE_MASTER},
	{"OutgoingCallerIds", &caller_id_resource, crud_list, caller_ids_verify, NULL, 0},
	{"OutgoingCallerIds/{PN}", &caller_id_resource, crud_fetch, crud_update, crud_delete, 0},
	{"SIP/RouteSimulations", NULL, route_simulations, route_simulations, NULL, 0},
	{"SIP/Registrations", NULL, registrations_list, NULL, NULL, 0},
	{"SIP/Domains/{SD}/Registrations", NULL, registrations_list, NULL, NULL, 0},
	{"SIP/Domains/{SD}/Registrations/{}", NULL, registrations_list, NULL, registrations_delete, 0},
	{"SIP/Domains/{SD}/Registrations/{}/{RG}", NULL, NULL, NULL, registrations_delete, 0},
	{NULL, NULL, NULL, NULL, NULL, 0},
};
// clang-format on
