/*
 * script.h - the script that Redis runs for a REGISTER
 */
#ifndef REGISTRAR_ADAPTERS_SCRIPT_H
#define REGISTRAR_ADAPTERS_SCRIPT_H

/**
 * Key: `aor:{user@domain}`, and no other: a script of two keys could not run on
 * Redis Cluster. Arguments: now (ISO 8601), mode (`query`, `clear`, `update`,
 * `assert`), Call-ID, CSeq, limit; then five for each change: key, contact,
 * instance, end (unix [ms], 0 = remove), JSON.
 *
 * Returns `stale` or `full` and nothing was changed, or `ok` and six values
 * for each binding that is live now: key, contact, end, instance, reg-id, q.
 * `bad` is `ok` where something in the AoR's key was no binding: it is left out,
 * and removed by all but `query`.
 *
 * - `query` changes nothing.
 * - `clear` removes all (Contact: *).
 * - `update` applies all changes or none. A change replaces the binding with
 *   its key, and each with its Contact unless that is another flow of the same
 *   device (RFC 5626 6). RFC 3261 10.3 step 7: a binding of the same Call-ID
 *   with a higher CSeq refuses the request as a whole; with the same CSeq too,
 *   unless the request repeats all that it bound, and then changes nothing.
 * - `assert` writes what Redis may have lost; what is newer there stays.
 */
extern const char script_register[];

/** KEYS: the AoR's hash. ARGV: the AoR, a sid (RG…) or "". Takes bindings away:
 *  {how many, field of each that is left …}. A sid is RG and the first 32 digits
 *  of SHA-1 of AoR, newline, field; rest-api shows it so. */
extern const char script_remove[];

#endif
