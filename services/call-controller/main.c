/*
 * main.c - trestle-call-controller: settings, and wiring
 */
#include <stddef.h>

#include "app.h"
#include "base/conf.h"
#include "base/service.h"
#include "numbering/country.h"

static struct settings settings;
static struct app app;

#define AT(field) offsetof(struct settings, field)

// clang-format off
static const struct conf_item items[] = {
	{"TRESTLE_SIP_PORT", CONF_UINT, AT(sip_port), "5070", 0, 65535,
	 "internal SIP port (UDP); 0 takes any free one"},
	{"TRESTLE_CALLS_MAX", CONF_UINT, AT(calls_max), "5000", 1, APP_CALLS_MAX,
	 "parent calls at a time; more get 503"},
	{"TRESTLE_SIP_ALLOW_PRIVATE", CONF_STRING, AT(allow_private), "", 0, 0,
	 "networks (CIDR) that are private and may still be called; the same "
	 "for edges, which look at what a name resolves to"},
	{"TRESTLE_PUBLIC_URL", CONF_STRING, AT(public_url),
	 "http://127.0.0.1:8080", 0, 0,
	 "URL of the API from outside; RecordingUrl begins so"},
	{"TRESTLE_SIP_HOST", CONF_STRING, AT(host), "", 0, 0,
	 "host of From for calls of a carrier; default: TRESTLE_ADDRESS"},
	{"TRESTLE_DIALING", CONF_STRING, AT(dialing), COUNTRY_DEFAULTS, 0, 0,
	 "countries (ISO codes) whose ordinary numbers may be called where the "
	 "dialing permissions of an account say nothing; *: all; any: every "
	 "number, nothing is looked at; the same for rest-api"},
	{"TRESTLE_CALLS_KEEP_DAYS", CONF_UINT, AT(keep_days), "30", 1, 3650,
	 "days that the record of a call stays after its end"},
	{"TRESTLE_CARRIER_PING", CONF_UINT, AT(carrier_ping), "30", 0, 3600,
	 "seconds from one OPTIONS to each target of a carrier to the next; one "
	 "that does not answer is tried last; 0: none"},
	{"TRESTLE_ALERTS_KEEP_DAYS", CONF_UINT, AT(alerts_days), "30", 1, 3650,
	 "days that alerts and rejections stay, the last 10,000 or so of an account"},
	{0},
};
// clang-format on

static const char *const wants[] = {
	"registrar",       "webhook-fetcher", "media-relay", "sip-edge",
	"call-controller", "speech",          NULL,
};

static const char *const needs[] = {"registrar", "webhook-fetcher",
                                    "media-relay", NULL};

static const struct service_description description = {
	.name = "call-controller",
	.purpose = "makes calls: SIP legs, TwiML, what a call does next",
	.items = items,
	.conf = &settings,
	.wants = wants,
	.needs = needs,
};

int main(int argc, char **argv)
{
	struct service *service;
	int err;

	if (service_alloc(&service, &description, argc, argv))
		return 1;
	err = app_init(&app, service, &settings);
	if (!err) {
		service_run(service);
		app_close(&app);
	}
	service_free(service);
	return err ? 1 : 0;
}
