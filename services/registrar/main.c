/*
 * main.c - trestle-registrar: who is who, and where are their phones
 */
#include <stddef.h>

#include "app.h"
#include "base/service.h"

static struct conf conf;

static const struct conf_item items[] = {
	{"TRESTLE_SIP_PORT", CONF_UINT, offsetof(struct conf, sip_port), "0", 0,
         65535, "UDP port of the internal SIP socket; 0: any free one"},
	{"TRESTLE_REGISTER_RATE", CONF_UINT,
         offsetof(struct conf, register_rate), "5", 1, 1000000,
         "authenticated REGISTER requests of one AoR in a second; more get "
         "503"},
	{.name = NULL},
};

static const char *const wants[] = {NULL};

static const struct service_description description = {
	.name = "registrar",
	.purpose = "registers phones, authorises calls, finds devices",
	.items = items,
	.conf = &conf,
	.wants = wants,
};

int main(int argc, char **argv)
{
	struct service *service;
	struct app app;
	int rc = 1;

	if (service_alloc(&service, &description, argc, argv) != 0)
		return 1;
	if (app_init(&app, service, &conf) != 0)
		goto out;
	service_run(service);
	app_close(&app);
	rc = 0;
out:
	service_free(service);
	return rc;
}
