/*
 * main.c - sip-edge: settings and wiring
 */
#include <stddef.h>

#include "app.h"
#include "base/service.h"

#define AT(field) offsetof(struct conf, field)

static const struct conf_item items[] = {
	{"TRESTLE_SIP_ADDRESS", CONF_STRING, AT(address), "0.0.0.0", 0, 0,
         "IP addresses to listen on, separated by spaces"},
	{"TRESTLE_SIP_ADVERTISE", CONF_STRING, AT(advertise), "", 0, 0,
         "host name or IP that phones and carriers reach this edge at; "
         "default: the address"},
	{"TRESTLE_SIP_PORT", CONF_UINT, AT(port), "5060", 1, 65535,
         "port for SIP over UDP and TCP"},
	{"TRESTLE_SIPS_PORT", CONF_UINT, AT(sips_port), "5061", 1, 65535,
         "port for SIP over TLS"},
	{"TRESTLE_TLS_CERTIFICATES", CONF_STRING, AT(certificates), "", 0, 0,
         "directory with agent.pem (our certificate chain and key) and "
         "cafile.pem (authorities we believe); empty: no TLS"},
	{"TRESTLE_EDGE_PORT", CONF_UINT, AT(edge_port), "0", 0, 65535,
         "internal UDP port; 0: any. Set it, so that phones stay reachable "
         "when the edge restarts"},
	{"TRESTLE_SIP_ALLOW_PRIVATE", CONF_STRING, AT(allow_private), "", 0, 0,
         "networks (CIDR) that are private and may still be called; the same "
         "for call-controllers"},
	{"TRESTLE_SIP_RATE", CONF_UINT, AT(rate), "50", 1, 1000000,
         "new requests in a second from one source; ten times that once a "
         "phone has registered from there"},
	{"TRESTLE_SIP_DIALOG_RATE", CONF_UINT, AT(dialog_rate), "500", 1,
         1000000, "requests inside of calls in a second from one source"},
	{"TRESTLE_SIP_ANSWER_RATE", CONF_UINT, AT(answer_rate), "5", 1, 1000000,
         "answers of the edge itself in a second to one source"},
	{"TRESTLE_SIP_CONNECTIONS", CONF_UINT, AT(connections), "20", 1, 20000,
         "connections of one source on which no phone has registered"},
	{"TRESTLE_SIP_MESSAGE_SECONDS", CONF_UINT, AT(message_seconds), "15", 1,
         3600, "time for one message on a connection, first to last byte"},
	{"TRESTLE_SIP_IDLE_SECONDS", CONF_UINT, AT(idle_seconds), "120", 1,
         86400,
         "silence that ends a connection on which no phone has registered"},
	{NULL, CONF_STRING, 0, NULL, 0, 0, NULL},
};

int main(int argc, char **argv)
{
	static const char *const wants[] = {"registrar", "call-controller",
	                                    NULL};
	static struct conf conf;
	static struct app app;
	const struct service_description description = {
		.name = "sip-edge",
		.purpose = "the public SIP sockets: a stateless proxy with "
			   "flows, NAT help and first defence",
		.items = items,
		.conf = &conf,
		.wants = wants,
		.needs = wants,
	};
	struct service *service;
	int err;

	if (service_alloc(&service, &description, argc, argv) != 0)
		return 1;
	err = app_init(&app, service, &conf);
	if (!err) {
		service_run(service);
		err = app.n_public > 0 ? 0 : 1;
	}
	app_close(&app);
	service_free(service);
	return err ? 1 : 0;
}
