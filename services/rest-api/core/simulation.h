/*
 * simulation.h - what would happen to a call, as JSON (resources/route_simulation.c)
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_SIMULATION_H
#define API_CORE_SIMULATION_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct voice;

enum { SIMULATION_TARGETS_MAX = 20 };

/** Where one INVITE would go; strings may be "" */
struct simulation_target {
	const char *uri;
	const char *carrier_sid, *carrier; /**< BY… and its name */
	const char *source_ip;             /**< of a phone's REGISTER */
};

/** All is borrowed; NULL and "" are null in JSON */
struct simulation {
	const char *account_sid, *origin, *from, *to;
	const char *outcome; /**< "refused", "asks" (an application), "rings" */
	uint32_t code;       /**< why it is refused; 0 = it is not */
	uint32_t sip_status; /**< that a phone would see for that; 0 = none */
	const char *text;    /**< … with the remedy */
	const char *domain_name, *domain_sid, *username, *carrier_sid;
	const char *const *lists; /**< AL…, CL… that let it in */
	size_t n_lists;
	const char *kind; /**< "user" "number" "own-number" "uri" "emergency" */
	const char *destination, *caller, *number_sid;
	const struct voice *voice; /**< who is asked for a document */
	struct simulation_target targets[SIMULATION_TARGETS_MAX];
	size_t n_targets;
};

/** @return NULL: out of memory */
json_t *simulation_json(const struct simulation *s);

#endif
