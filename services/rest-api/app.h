/*
 * app.h - rest-api: requests from the HTTP port to their answers
 */
#ifndef API_APP_H
#define API_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ask;
struct bins;
struct converter;
struct gate;
struct http_server;
struct log;
struct metric;
struct records_db;
struct redis;
struct service;
struct tenants;
struct verifications;

struct settings {
	const char *address;
	uint32_t port;
	const char *realm;
	const char *dialing;
	const char *recordings;
	uint32_t recordings_cache; /**< MB */
	bool recordings_auth;
	bool bring_numbers;       /**< by carriers of the API */
	bool set_rates;           /**< by accounts            */
	bool set_limits;          /**< by accounts, their own */
	const char *proxies;      /**< networks, or ""        */
	uint32_t wrong_passwords; /**< in a minute; 0 = any */
	uint32_t rate; /**< requests of an account in a second; 0 = any */
};

struct app {
	struct service *service; /**< borrowed, as all to the blank line */
	const struct log *log;
	struct redis *redis;

	struct http_server *server;
	struct bins *bins;
	struct records_db *db;
	struct ask *asks;        /**< requests to the API in hand */
	struct tenants *tenants; /**< what rules go by (store/rules.h) */
	struct gate *gate;       /**< how often one may ask */
	const char *realm;       /**< of accounts that need one; borrowed */
	const char *dialing;     /**< open countries by default; borrowed */
	size_t n_open;           /**< requests that wait for others */
	const char *recordings;  /**< directory; borrowed */
	bool recordings_auth;
	bool bring_numbers; /**< by carriers that are made by the API */
	bool set_rates;     /**< by accounts                          */
	bool set_limits;    /**< by accounts, their own               */
	struct converter *converter;
	struct verifications *verifications;
	struct metric *served, *missing, *failed;
};

/** @return 0, or 1 after the log says what to do */
int app_init(struct app *app, struct service *service,
             const struct settings *settings);
void app_close(struct app *app); /**< after app_init(), failed or not */

#endif
