/*
 * settings.c - the settings that every process has
 */
#include "base/settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/seal.h"

#define AT(field) offsetof(struct settings, field)
static const struct conf_item common_items[] = {
	{"TRESTLE_REDIS", CONF_STRING, AT(redis), "redis://127.0.0.1:6379/0", 0,
         0, "where Redis is: redis://[user:password@]host:port/db"},
	{"TRESTLE_INSTANCE", CONF_STRING, AT(instance), "", 0, 0,
         "name of this copy, unique and the same after a restart; empty: "
         "service and host name"},
	{"TRESTLE_ADDRESS", CONF_STRING, AT(address), "", 0, 0,
         "internal IPv4 address of this copy; empty: the first that is not "
         "loopback"},
	{"TRESTLE_BUS_PORT", CONF_UINT, AT(bus_port), "0", 0, 65535,
         "TCP port of the bus; 0: any free one"},
	{"TRESTLE_HTTP_PORT", CONF_UINT, AT(http_port), "0", 0, 65535,
         "TCP port of /healthz and /metrics; 0: any free one"},
	{"TRESTLE_LOG", CONF_STRING, AT(log_level), "info", 0, 0,
         "least level that is logged: debug info warn error"},
	{"TRESTLE_BUS_PUBLIC_KEY", CONF_STRING, AT(bus_public), "", 0, 0,
         "CURVE key of the bus, Z85; empty: the bus is not encrypted"},
	{"TRESTLE_BUS_SECRET_KEY", CONF_STRING, AT(bus_secret), "", 0, 0,
         "the other half of that key"},
	{"TRESTLE_SECRET_KEY", CONF_STRING, AT(secret_key), "", 0, 0,
         "key that secrets are sealed with in Redis, 64 hexadecimal digits, "
         "the "
         "same for all processes and trestle-cli; empty: they are not"},
	{"TRESTLE_SECRET_KEY_OLD", CONF_STRING, AT(secret_key_old), "", 0, 0,
         "the key before it, until `trestle-cli seal` has run"},
	{"TRESTLE_DRAIN_SECONDS", CONF_UINT, AT(drain_s), "30", 0, 86400,
         "longest time from SIGTERM to the end [s]"},
	{0}};
#undef AT

static void print_help(const struct service_description *d)
{
	printf("trestle-%s - %s\n\nSettings, from the environment:\n\n",
	       d->name, d->purpose);
	conf_print(common_items, stdout);
	if (d->items)
		conf_print(d->items, stdout);
}

void settings_options(const struct service_description *d, int argc,
                      char **argv)
{
	if (argc < 2)
		return;
	if (strcmp(argv[1], "--settings") == 0) {
		conf_print(d->items ? d->items : common_items, stdout);
		exit(0);
	}
	print_help(d);
	exit(strcmp(argv[1], "--help") == 0 ? 0 : 2);
}

static bool is_ipv4(const char *text)
{
	struct in_addr any;

	return inet_pton(AF_INET, text, &any) == 1;
}

static void find_address(char out[INET_ADDRSTRLEN])
{
	struct ifaddrs *list = NULL;

	(void)snprintf(out, INET_ADDRSTRLEN, "127.0.0.1");
	if (getifaddrs(&list))
		return;
	for (struct ifaddrs *i = list; i; i = i->ifa_next) {
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET ||
		    i->ifa_flags & IFF_LOOPBACK || !(i->ifa_flags & IFF_UP))
			continue;
		(void)getnameinfo(i->ifa_addr, sizeof(struct sockaddr_in), out,
		                  INET_ADDRSTRLEN, NULL, 0, NI_NUMERICHOST);
		break;
	}
	freeifaddrs(list);
}

static void name_instance(struct settings *set, const char *service)
{
	char host[64] = "localhost";

	(void)gethostname(host, sizeof(host) - 1);
	if (*set->instance)
		(void)snprintf(set->own_instance, INSTANCE_SIZE, "%s",
		               set->instance);
	else
		(void)snprintf(set->own_instance, INSTANCE_SIZE, "%s-%s",
		               service, host);
}

int settings_read(struct settings *set, const struct service_description *d)
{
	char problem[512];
	enum log_level level;

	if (conf_load(common_items, set, problem, sizeof(problem)) ||
	    (d->items &&
	     conf_load(d->items, d->conf, problem, sizeof(problem)))) {
		fprintf(stderr, "trestle-%s: %s\n", d->name, problem);
		return EINVAL;
	}
	if (log_level_parse(set->log_level, &level)) {
		fprintf(stderr,
		        "trestle-%s: TRESTLE_LOG is \"%s\": set it to debug, "
		        "info, warn or error\n",
		        d->name, set->log_level);
		return EINVAL;
	}
	log_set_level(level);
	name_instance(set, d->name);
	if (*set->address && !is_ipv4(set->address)) {
		fprintf(stderr,
		        "trestle-%s: TRESTLE_ADDRESS is \"%s\": set it to an "
		        "IPv4 address of this machine, or leave it empty\n",
		        d->name, set->address);
		return EINVAL;
	}
	if (*set->address)
		(void)snprintf(set->own_address, sizeof(set->own_address), "%s",
		               set->address);
	else
		find_address(set->own_address);
	return 0;
}

int settings_seal(const struct settings *set,
                  const struct service_description *d, struct seal **sp)
{
	int err = seal_alloc(sp, set->secret_key, set->secret_key_old);

	if (err)
		fprintf(stderr,
		        "trestle-%s: TRESTLE_SECRET_KEY or "
		        "TRESTLE_SECRET_KEY_OLD can not be used: make one with "
		        "`openssl rand -hex 32`\n",
		        d->name);
	return err;
}
