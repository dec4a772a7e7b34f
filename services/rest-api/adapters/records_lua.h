/*
 * records_lua.h - what Redis does in one go for the API: Lua scripts
 *
 * They read keys that other keys name, so Redis Cluster can not run them.
 */
#ifndef API_ADAPTERS_RECORDS_LUA_H
#define API_ADAPTERS_RECORDS_LUA_H

#include "store/redis.h"

/** sids:{AC…}, a sid: {key, hash}, or {} */
extern struct redis_script records_find_script;
/** a key: {key, hash} */
extern struct redis_script records_get_script;
/** index; sids:{AC…}, after, rank or "", how many that fit are skipped, how many are
 *  wanted, how many looked at, head, tail, from, until, then field, test and value of
 *  each filter: {last, rank, skip, "more" or "", hash, hash …} */
extern struct redis_script records_list_script;
/** config:version, config:changes; "quiet" or "", conditions, commands
 *  (core/change.c): the code of the condition that failed, or 0, or the new version
 *  as a negative number. Which records it touched is an entry of config:changes,
 *  whose id is that version. */
extern struct redis_script records_change_script;
/** the set of carriers: of each {sid, account, sources, username, numbers} */
extern struct redis_script records_carriers_script;
/** sids:{AC…}; domains:{AC…}, a domain's sid or "", now [s], the most, a user
 *  or "": of each binding {sid, domain, user, JSON, RG…} */
extern struct redis_script records_registrations_script;
/** the set of users of a list; what their keys begin with, a realm: {how many have
 *  no digest for it, the first of them, the realm} */
extern struct redis_script records_digests_script;
/** verified-numbers:{AC…}; number, account, its owner or "", now [ms]: {PN… when it
 *  is verified, whose number of ours it is, how many verifications are open, our
 *  public URL, key and sid of the number to call from}; "" = none */
extern struct redis_script records_verification_script;
/** verification:{CA…}; token of the request: counts a wrong code, once for each
 *  token. {status, tries} */
extern struct redis_script records_wrong_code_script;
/** a set; members: 0 or 1 for each, whether it is in it */
extern struct redis_script records_taken_script;

#endif
