/*
 * snapshot_parts.h - memory and field readers of a snapshot; for its files
 */
#ifndef STORE_SNAPSHOT_PARTS_H
#define STORE_SNAPSHOT_PARTS_H

#include <sys/queue.h>

#include "base/hash.h"
#include "store/cidr.h"
#include "store/snapshot.h"

struct block;

struct cidr_list {
	size_t n;
	struct cidr *v;
};

struct account_entry {
	struct account account;
	struct hash_entry by_sid;
};

struct domain_entry {
	struct domain domain;
	struct hash_entry by_name;
	struct hash_entry by_sid;
};

struct number_entry {
	struct number number;    /**< its voice: as it was last asked for */
	struct voice voice;      /**< its own */
	const char *application; /**< AP… whose voice it takes over; "" */
	struct hash_entry by_number;
	struct hash_entry by_sid;
};

struct application_entry {
	struct voice voice;
	const char *account_sid;
	struct hash_entry by_sid;
};

struct caller_id_entry {
	const char *sid;           /**< PN… */
	struct hash_entry by_name; /**< "AC…:+15550100" */
};

struct permissions_entry {
	bool inherited;               /**< of a subaccount: its owner's stand */
	const char *const *countries; /**< "GB" "low special" "US" … */
	size_t n;                     /**< of these texts */
	struct hash_entry by_sid;
};

struct access_list_entry {
	struct cidr_list addresses;
	struct hash_entry by_sid;
};

struct carrier_entry {
	struct carrier carrier;
	struct cidr_list sources;
};

struct rates_entry {
	struct rate_table table;
	struct hash_entry by_name;
};

/** A record that was taken in: what can be replaced by itself */
struct piece {
	LIST_ENTRY(piece) link;
	struct hash_entry by_key;
	enum family family;
	struct block *blocks; /**< all of it lives there */
	void *entry;          /**< in them: an account_entry … */
	char key[];           /**< its family and its name */
};

struct snapshot {
	LIST_HEAD(, piece) all;
	struct hash pieces;
	struct piece *taken; /* the one that is being taken in, else NULL */
	struct hash accounts, domains, domain_sids, numbers, number_sids,
		access_lists, permissions, applications, caller_ids, rates;
	size_t n_carriers, carriers_room;
	struct carrier_entry **carriers;
};

/** Zeroed memory that lives as long as the record that is being taken in; NULL when
 *  it ran out. */
void *snapshot_get(struct snapshot *s, size_t size);

/** The same, for the entry that the tables of the snapshot point to. */
void *snapshot_entry(struct snapshot *s, size_t size);

/** Memory of a record. @return 0 or ENOMEM */
int piece_alloc(struct piece **pp, enum family family, const char *name);
void piece_free(struct piece *p); /**< overwrites it: tokens and passwords */

/** A copy of @p text that lives as long; NULL when memory ran out. */
const char *snapshot_copy(struct snapshot *s, const char *text);

/** Value of a field, @p otherwise when absent; borrowed from the record. */
const char *record_get(const struct record *r, const char *name,
                       const char *otherwise);

/** A copy of that value. @return NULL when memory ran out */
const char *record_copy(struct snapshot *s, const struct record *r,
                        const char *name, const char *otherwise);

bool record_bool(const struct record *r, const char *name, bool otherwise);
uint32_t record_uint(const struct record *r, const char *name,
                     uint32_t otherwise);

/** Split at spaces. @return 0, ENOMEM or E2BIG (more than @p max) */
int record_words(struct snapshot *s, const struct record *r, const char *name,
                 size_t max, const char *const **words, size_t *n);

/** CIDRs separated by spaces. @return 0, ENOMEM, E2BIG or EINVAL */
int record_cidrs(struct snapshot *s, const struct record *r, const char *name,
                 struct cidr_list *out);

/** Where to ask (store/snapshot.c). @return 0 or ENOMEM */
int record_voice(struct snapshot *s, const struct record *r, struct voice *v);

/* Each takes a record of its family, which may be nonsense. @return 0, ENOMEM,
 * E2BIG or EINVAL: then the record is left out */

/* store/snapshot_application.c */
int snapshot_add_application(struct snapshot *s, const struct record *r);
/** A number that names one gets its voice, else its own. */
void snapshot_apply_application(const struct snapshot *s,
                                struct number_entry *n);

int snapshot_add_caller_id(struct snapshot *s, const struct record *r);

/** Where an account may call (store/snapshot_permissions.c). */
int snapshot_add_permissions(struct snapshot *s, const struct record *r);

/** One carrier of the snapshot (store/snapshot_carrier.c). */
int snapshot_add_carrier(struct snapshot *s, const struct record *r);
void snapshot_drop_carrier(struct snapshot *s, const struct carrier_entry *e);

/** One table of rates (store/snapshot_rates.c). */
int snapshot_add_rates(struct snapshot *s, const struct record *r);

#endif
