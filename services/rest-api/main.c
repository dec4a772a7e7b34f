/*
 * main.c - trestle-rest-api: settings and wiring
 */
#include <stddef.h>

#include "app.h"
#include "base/service.h"
#include "numbering/country.h"

#define AT(field) offsetof(struct settings, field)

static const struct conf_item items[] = {
	{"TRESTLE_API_ADDRESS", CONF_STRING, AT(address), "0.0.0.0", 0, 0,
         "IP address on which the API is served"},
	{"TRESTLE_API_PORT", CONF_UINT, AT(port), "8080", 0, 65535,
         "port on which the API is served; 0: any free one"},
	{"TRESTLE_REALM", CONF_STRING, AT(realm), "trestle", 0, 0,
         "realm that users of an account sign for which is made by the API; "
         "one "
         "for the installation, for good"},
	{"TRESTLE_API_WRONG", CONF_UINT, AT(wrong_passwords), "20", 0, 100000,
         "wrong passwords in a minute from one address for one account or key, "
         "ten times that for all; then 429; 0: any number"},
	{"TRESTLE_API_RATE", CONF_UINT, AT(rate), "0", 0, 100000,
         "requests of one account in a second, then 429; 0: any number"},
	{"TRESTLE_API_PROXIES", CONF_STRING, AT(proxies), "", 0, 0,
         "networks (CIDR) of the proxies before the API: the last address of "
         "X-Forwarded-For that is none of them is whose wrong passwords "
         "count"},
	{"TRESTLE_API_NUMBERS", CONF_BOOL, AT(bring_numbers), "false", 0, 0,
         "may carriers that accounts make bring numbers? Who brings a number "
         "gets all calls to it, whoever has it in the world"},
	{"TRESTLE_API_RATES", CONF_BOOL, AT(set_rates), "false", 0, 0,
         "may accounts say what calls cost, their own and those of their "
         "subaccounts?"},
	{"TRESTLE_API_LIMITS", CONF_BOOL, AT(set_limits), "false", 0, 0,
         "may accounts say how many calls they may have, at a time and placed "
         "in a second?"},
	{"TRESTLE_RECORDINGS", CONF_STRING, AT(recordings), "recordings", 0, 0,
         "directory of the recordings, the same as media-relay's"},
	{"TRESTLE_RECORDINGS_AUTH", CONF_BOOL, AT(recordings_auth), "false", 0,
         0,
         "is the account's token needed to hear a recording, too? Otherwise "
         "who knows its URL may"},
	{"TRESTLE_RECORDINGS_CACHE", CONF_UINT, AT(recordings_cache), "256", 1,
         1000000,
         "MB of recordings in MP3 and of mixed ones that are kept for the next "
         "time"},
	{"TRESTLE_DIALING", CONF_STRING, AT(dialing), COUNTRY_DEFAULTS, 0, 0,
         "the same as call-controller's: where accounts may call that say "
         "nothing of a country"},
	{0},
};

static const char *const wants[] = {"media-relay", "call-controller",
                                    "webhook-fetcher", "registrar", NULL};

int main(int argc, char **argv)
{
	static struct settings settings;
	const struct service_description description = {
		.name = "rest-api",
		.purpose = "serves the REST API, TwiML Bins and recordings "
			   "over HTTP",
		.items = items,
		.conf = &settings,
		.wants = wants,
	};
	struct service *service;
	struct app app;
	int failed;

	if (service_alloc(&service, &description, argc, argv))
		return 1;
	failed = app_init(&app, service, &settings);
	if (!failed)
		service_run(service);
	app_close(&app);
	service_free(service);
	return failed;
}
