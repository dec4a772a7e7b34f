/*
 * recording.h - the Recording resource: its paths, its JSON (contract 6.7, 12)
 */
#ifndef API_CORE_RECORDING_H
#define API_CORE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>

enum { RECORDING_SID = 36, RECORDING_NAME = 48 };

enum recording_format { RECORDING_WAV, RECORDING_MP3, RECORDING_JSON };

struct recording_path {
	char account_sid[RECORDING_SID];
	char call_sid[RECORDING_SID]; /**< "" = not in the path */
	char sid[RECORDING_SID];
	enum recording_format format; /**< WAV where nothing is said */
};

/** Is it …/Accounts/AC…/[Calls/CA…/]Recordings/RE…[.wav|.mp3|.json]? */
bool recording_path_parse(struct recording_path *out, const char *path);

/** "" where the hash has not the field; borrowed from what it was read from */
struct recording {
	const char *account_sid, *call_sid, *sid, *source, *status, *track;
	const char *channels, *duration, *error_code;
	const char *start_time, *date_created, *date_updated; /* ISO 8601 */
};

/** Names of the fields, in the order of the struct; NULL at the end */
extern const char *const recording_fields[];
enum { RECORDING_FIELDS = 12 };

/** @param values RECORDING_FIELDS of them */
void recording_fill(struct recording *r, const char *const *values);

/** Is it this one's? */
bool recording_fits(const struct recording *r, const struct recording_path *p);

/** @return owned by the caller, free() it; NULL when memory ran out */
char *recording_json(const struct recording *r);

/** @param query of the request, raw. @return 1, 2; 0 = not said, -1 = nonsense */
int recording_channels_wanted(const char *query);

/** Does the query say IncludeSoftDeleted=true? */
bool recording_deleted_wanted(const char *query);

#endif
