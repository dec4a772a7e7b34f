/*
 * io_told.h - of the port (io.h): what others are asked and told: applications,
 * the registrar, speech, and who reads records
 */
#ifndef CC_CORE_IO_TOLD_H
#define CC_CORE_IO_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pair;

struct cmd_fetch {       /**< CMD_FETCH and CMD_NOTIFY */
	uint64_t id;     /**< of the fetch; 0 for a notification */
	const char *key; /**< idempotency key: same again after adoption */
	const char *account_sid;
	const char *method; /**< "GET" or "POST" */
	const char *url;    /**< absolute */
	const struct pair *params;
	size_t n_params;
	const char *call_sid; /**< whose request it is: inspector, cookies */
	bool first; /**< no application was asked or told of the call before */
};

enum resolve_kind {
	RESOLVE_NUMBER, /**< what = +E.164                                  */
	RESOLVE_EMERGENCY, /**< what = "911", as it is dialled; whether it is
	                    *   one where the caller is, is to be found out    */
	RESOLVE_URI /**< what = sip:…: AoR of a domain of ours, or foreign */
};

struct cmd_resolve {
	const char *child; /**< sid; comes back in the event */
	enum resolve_kind kind;
	const char *what;
	const char *caller;  /**< caller id to be checked: caller_owned */
	const char *carrier; /**< a number goes over this one only; "" = any */
	bool redirect;       /**< a Contact of a 3xx: never into our domains */
	bool verification;   /**< the call asks whose number it is */
};

struct cmd_transcribe {
	const char *recording; /**< RE… */
	const char *language;
};

/** The Transcription as the REST API shows it */
struct cmd_transcription {
	const char *sid; /**< TR… */
	const char *account_sid;
	const char *recording; /**< RE… */
	const char *call_sid;
	const char *status; /**< "in-progress" "completed" "failed" */
	const char *text;
	uint32_t duration_s; /**< of the recording */
	uint64_t created_ms; /**< wall clock */
	uint64_t updated_ms;
};

struct cmd_alert {
	uint32_t code;
	bool error; /**< level: error, else warning */
	const char *call_sid;
	const char *text;   /**< a sentence */
	const char *url;    /**< of the document or callback; "" = none */
	const char *method; /**< that it was asked with; NULL = not known */
	unsigned status;    /**< of the answer to it; 0 = none */
};

/** The Call as the REST API shows it; also the fields of `call:{CA…}` */
struct cmd_status {
	const char *sid;
	const char *parent_sid; /**< "" of the parent */
	const char *account_sid;
	const char *direction; /**< "inbound" "outbound-dial" "outbound-api" */
	const char *from, *to;
	const char *status;  /**< "ringing" "in-progress" "completed" … */
	uint64_t created_ms; /**< wall clock; the record is as old as that */
	uint64_t start_ms;   /**< dialling began, or it came in; 0 = not yet */
	uint64_t ring_ms;    /**< of an outgoing one: first 18x */
	uint64_t answer_ms;
	uint64_t end_ms;
	const char *forwarded_from, *caller_name, *answered_by, *domain_sid;
	const char *number_sid; /**< PN…, where the API gave it; or "" */
	const char *callid;     /**< Call-ID of its leg, or "" */
	bool hung_up;           /**< its phone ended it, not we */
	bool first;             /**< nothing was written of it before */
	unsigned sip_status;    /**< last final response; 0 = none yet */
	const char *carrier;    /**< BY… or "" */
	bool ended;
};

struct cmd_reply {
	uint32_t code;      /**< 0 = done; 21220 */
	const char *text;   /**< why not; static, as the statuses are */
	const char *sid;    /**< of the call that it is about … */
	const char *status; /**< … which is now so */
	const char *recording, *recording_status; /**< or "" */
	uint64_t recording_start_ms;              /**< 0 = not yet */
};

#endif
