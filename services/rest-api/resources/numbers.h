/*
 * numbers.h - of the resources (resources.h) those of numbers: where calls come
 *             from, where they go to, what answers them
 */
#ifndef API_RESOURCES_NUMBERS_H
#define API_RESOURCES_NUMBERS_H

struct ask;
struct country;
struct resource;

extern const struct resource application_resource, number_resource,
	number_local_resource, number_mobile_resource,
	number_toll_free_resource, carrier_resource, twiml_bin_resource,
	caller_id_resource, rate_resource;

void numbers_list(struct ask *q);
void numbers_create(struct ask *q);
void numbers_update(struct ask *q);
/** That the first placeholder names, in small letters or capitals; NULL = none */
const struct country *country_asked(const struct ask *q);
void countries_list(struct ask *q);
void countries_fetch(struct ask *q);
void available_local(struct ask *q);
void available_mobile(struct ask *q);
void available_toll_free(struct ask *q);
void available_none(struct ask *q);

/** Create and update */
void carriers_write(struct ask *q);
void rates_write(struct ask *q);
void registrations_list(struct ask *q);
void registrations_delete(struct ask *q);
void route_simulations(struct ask *q);
/** POST OutgoingCallerIds */
void caller_ids_verify(struct ask *q);
void permissions_list(struct ask *q);
void permissions_fetch(struct ask *q);
void permissions_prefixes(struct ask *q);
void permissions_bulk(struct ask *q);
void settings_fetch(struct ask *q);
void settings_update(struct ask *q);

#endif
