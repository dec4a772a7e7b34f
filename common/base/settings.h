/*
 * settings.h - the settings that every process has
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <netinet/in.h>
#include <stdint.h>

#include "base/service.h"

struct seal;

enum { INSTANCE_SIZE = 128 };

struct settings {
	const char *redis, *instance, *address, *log_level;
	const char *bus_public, *bus_secret;
	const char *secret_key, *secret_key_old;
	uint32_t bus_port, http_port, drain_s;
	char own_instance[INSTANCE_SIZE]; /**< that is in force */
	char own_address[INET_ADDRSTRLEN];
};

/** Answer --help and --settings, then exit; other arguments exit with 2. */
void settings_options(const struct service_description *d, int argc,
                      char **argv);

/** Read them and those of @p d. @return 0, or EINVAL after telling standard
 *  error what to do */
int settings_read(struct settings *set, const struct service_description *d);

/** The seal of secrets in Redis. @return 0, or EINVAL or ENOMEM after telling
 *  standard error what to do */
int settings_seal(const struct settings *set,
                  const struct service_description *d, struct seal **sp);

#endif
