/*
 * main.c - trestle-webhook-fetcher: settings and wiring
 */
#include <stddef.h>

#include "app.h"
#include "base/service.h"

#define AT(field) offsetof(struct settings, field)

static const struct conf_item items[] = {
	{"TRESTLE_PUBLIC_URL", CONF_STRING, AT(public_url),
         "http://127.0.0.1:8080", 0, 0,
         "URL of the API from outside; what is under it is asked of rest-api "
         "directly"},
	{"TRESTLE_ALLOW_PRIVATE", CONF_STRING, AT(allow_private), "", 0, 0,
         "networks and host names that webhooks may reach though they are not "
         "public: `10.0.0.0/8 app.internal`"},
	{"TRESTLE_CA_FILE", CONF_STRING, AT(ca_file), "", 0, 0,
         "PEM file of the authorities that sign applications' certificates; "
         "empty: the system's"},
	{"TRESTLE_FETCH_PER_ACCOUNT", CONF_UINT, AT(per_account), "100", 1,
         10000, "requests of one account that run at a time"},
	{"TRESTLE_FETCH_MAX", CONF_UINT, AT(in_hand_max), "5000", 1, 100000,
         "requests in hand, running or waiting; more are refused"},
	{"TRESTLE_MEDIA_CACHE", CONF_STRING, AT(media_directory), "", 0, 0,
         "directory for audio that was fetched, to be there after a restart; "
         "empty: it is kept in memory"},
	{"TRESTLE_MEDIA_CACHE_MB", CONF_UINT, AT(media_mb), "256", 1, 1048576,
         "megabytes of audio that are kept there for the next time"},
	{"TRESTLE_REQUESTS_KEEP_DAYS", CONF_UINT, AT(requests_days), "1", 1,
         3650,
         "days that the last 50 requests of a call are kept, with what "
         "came back"},
	{0},
};

static const char *const wants[] = {"rest-api", NULL};

int main(int argc, char **argv)
{
	static struct settings settings;
	const struct service_description description = {
		.name = "webhook-fetcher",
		.purpose = "makes every HTTP request that leaves Trestle",
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
