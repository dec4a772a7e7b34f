/*
 * redis_url.h - "redis://[user:password@]host:port/db" taken apart
 */
#ifndef STORE_REDIS_URL_H
#define STORE_REDIS_URL_H

#include <stdint.h>

enum { REDIS_URL_PART_MAX = 256 }; /* bytes of each part, with the NUL */

struct redis_url {
	char host[REDIS_URL_PART_MAX];     /**< name or address, no brackets */
	char user[REDIS_URL_PART_MAX];     /**< "" = the default user         */
	char password[REDIS_URL_PART_MAX]; /**< "" = none; never logged   */
	uint16_t port;                     /**< 6379 where it says none   */
	uint32_t db;
};

/** User and password may be percent-encoded. @return 0 or EINVAL */
int redis_url_parse(const char *text, struct redis_url *url);

#endif
