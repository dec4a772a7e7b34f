/*
 * io.h - the port of the call core: events in, commands out
 *
 *     event ──► call_step() ──► commands
 *
 * The core is pure: what happens outside comes as a struct event, what shall
 * happen outside leaves as a struct command. Neither has a pointer to a thing
 * of the other side: calls and legs are named by sid and number.
 *
 * Names. A `call` is a parent call with its child calls. Each SIP dialog is a
 * leg; legs are numbered within the call and numbers are never used again: leg
 * 1 is the parent's. A child call to an AoR has one leg for each binding; they
 * share the CallSid of the child and its one leg at the media-relay.
 *
 * Strings in an event are borrowed until call_step() returns; strings in a
 * command until the next call of commands_reset(). A string is never NULL and
 * "" means none, except `sdp`, where NULL means no body.
 *
 * What the shell (Sofia's nta) does by itself, without the core:
 * - retransmissions; 100 Trying; ACK of final responses other than 2xx; 200 to
 *   BYE and CANCEL; the ACK again when a 2xx is repeated
 * - repeating a 2xx until its ACK comes (else EV_LEG_ACK_TIMEOUT)
 * - PRACK of each reliable provisional response; repeating one of ours and
 *   holding back the 2xx until its PRACK comes (RFC 3262 section 3)
 * - answering 401 and 407 to an INVITE, re-INVITE or BYE with the credentials of
 *   the CMD_INVITE, once, and once more when the nonce was stale
 * - finding the new flow of a phone whose connection broke (430)
 * - CSeq, tags, route set, Contact, remote target; 481 and 500 by CSeq
 * What the core does: which request may be sent when (CANCEL only after a
 * provisional, BYE only after the ACK, re-INVITE only when none is under way).
 */
#ifndef CC_CORE_IO_H
#define CC_CORE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "io_media.h"
#include "io_told.h"

enum { COMMANDS_MAX = 640 };     /* of one step: 100 branches, each twice + */
enum { TARGETS_MAX = 20 };       /* bindings, or carrier targets, of one noun */
enum { TARGET_ROUTES_MAX = 10 }; /* Route values of one target */
enum { HEADERS_MAX = 32 };       /* X- headers taken from or put in a message */
enum { CONTACTS_MAX = 20 };      /* Contacts of a 3xx */

/** A header, or a parameter of a webhook */
struct pair {
	const char *name;
	const char *value;
};

/* ---- events ---------------------------------------------------------- */

enum event_type {
	EV_START,    /**< the INVITE of call_alloc() is to be handled     */
	EV_RESTORED, /**< first event after call_restore()                */
	EV_END,      /**< end the call as completed (API, console)        */
	EV_SHUTDOWN, /**< this process goes away now and nobody adopts    */
	EV_CHANGE,   /**< the API changes it: change; CMD_REPLY answers   */
	EV_RECORD,   /**< the API records it: record; CMD_REPLY answers   */
	EV_DETACHED, /**< first event of what was a child before          */
	EV_TIMER,    /**< timer, leg                                      */

	EV_DOCUMENT,     /**< answer to CMD_FETCH: url content_type body      */
	EV_FETCH_FAILED, /**< answer to CMD_FETCH: error_code text            */
	EV_RESOLVED,     /**< answer to CMD_RESOLVE: child resolution targets */
	EV_TRANSCRIBED,  /**< answer to CMD_TRANSCRIBE: id text error_code    */

	EV_LEG_PROVISIONAL, /**< 100-199: status, tag, sdp or NULL         */
	EV_LEG_ANSWERED,    /**< 2xx to our INVITE: tag sdp headers session*/
	EV_LEG_FAILED,      /**< 3xx-6xx, also 408 when nothing came and
	                        *   503 when it could not be sent; contacts,
	                        *   session (of a 422)                        */
	EV_LEG_CANCELED,    /**< CANCEL of the caller (200 has been sent)  */
	EV_LEG_ACKED,       /**< ACK to our 2xx: sdp or NULL               */
	EV_LEG_ACK_TIMEOUT, /**< no ACK to our 2xx, or no PRACK            */
	EV_LEG_HUNGUP,      /**< BYE (200 has been sent): headers; in an
	                        *   early dialog as good as a CANCEL          */
	EV_LEG_ENDED,       /**< our BYE was answered, or nobody answers   */
	EV_LEG_OFFER,       /**< re-INVITE or UPDATE: method, sdp or NULL,
	                        *   session; answer with CMD_ANSWER           */
	EV_LEG_REOFFER_ANSWERED, /**< 2xx to our CMD_REINVITE: sdp session    */
	EV_LEG_REOFFER_FAILED,   /**< status of the refusal; 430: the phone is
	                          *   reached in another way now, offer again  */

	EV_MEDIA_READY,   /**< SessionState: version, ports                   */
	EV_MEDIA_FAILED,  /**< no relay took the session                      */
	EV_MEDIA_LOST,    /**< SESSION_LOST: put the whole session again      */
	EV_MEDIA_TIMEOUT, /**< no RTP for a while: sid                        */
	EV_DIGIT,         /**< sid, digit; leg: it came by SIP INFO           */
	EV_PLAY_DONE,     /**< sid, play_id: the list was heard to its end    */
	EV_PLAY_FAILED,   /**< sid, play_id, play_index, error_code, text: one
	                     *   of the list is left out                        */
	EV_SPEECH,        /**< sid, id, text, confidence, final               */
	EV_SPEECH_FAILED, /**< sid, id, error_code, text                      */
	EV_VOICE,   /**< sid, id: something is said, or understood anew   */
	EV_MACHINE, /**< sid, text: "human" "machine_start" …           */
	EV_RECORDING_STARTED, /**< id                                         */
	EV_RECORDING_ENDED    /**< id, ended_by, length_ms, error_code, text  */
};

enum timer_id {
	TIMER_VERB,    /**< the running verb's: pause, ringing of a Dial; with a
	              *   leg: of the document that runs on that leg       */
	TIMER_LIMIT,   /**< timeLimit of the Dial                          */
	TIMER_APOLOGY, /**< the apology is over at the latest              */
	TIMER_CALL,    /**< time limit of the whole call                   */
	TIMER_RECORDING, /**< recordings are not heard of any more           */
	TIMER_LEG_GLARE, /**< send the re-INVITE again (491)                 */
	TIMER_LEG_REFRESH, /**< our session refresh is due (RFC 4028)          */
	TIMER_LEG_EXPIRE, /**< the session expired                            */
	TIMER_LEG_GUARD   /**< CANCEL, BYE, or an INVITE while there are others
	                   *   to call, led to nothing                        */
};

enum sip_method { METHOD_INVITE, METHOD_UPDATE };

/** Session timer of a request or response (RFC 4028) */
struct session_timer {
	uint32_t expires; /**< Session-Expires [s]; 0 = header absent       */
	uint32_t min_se;  /**< Min-SE [s]; 0 = header absent                */
	bool uac;         /**< refresher=uac; else uas (of that message)    */
	bool named;       /**< there was a refresher parameter              */
	bool supported;   /**< Supported: timer (or Require)                */
};

/** What CMD_RESOLVE found out */
enum resolution {
	RESOLVED_FORK,     /**< bindings of an AoR: ring all at once          */
	RESOLVED_FAILOVER, /**< carriers, or a URI: one after the other       */
	RESOLVED_NOT_REGISTERED, /**< our domain, nobody there       -> 32009 */
	RESOLVED_NOT_FOUND,      /**< our domain, no such user       -> 32009 */
	RESOLVED_NO_USER,        /**< our domain, without a user   -> 32223 */
	RESOLVED_OTHER_TENANT,   /**< a domain of another account    -> 32214 */
	RESOLVED_FORBIDDEN,      /**< private address or unresolvable-> 13254 */
	RESOLVED_NO_CARRIER,     /**< no carrier takes the number    -> 13224 */
	RESOLVED_NO_TARGET,      /**< the carrier asked for has none -> 32010 */
	RESOLVED_UNAVAILABLE,    /**< the registrar did not answer   -> 503   */
	RESOLVED_CLOSED, /**< this country or kind of number is not open to the
	                  *   account                         -> 13227 */
	RESOLVED_NO_COUNTRY,    /**< the number is of none         -> 13226   */
	RESOLVED_TRIAL,         /**< a trial account, the number is not verified
	                *                                     -> 32100   */
	RESOLVED_NO_EMERGENCY,  /**< it is no emergency number where the caller
	                        *   is, nor any other         -> 13223   */
	RESOLVED_EMERGENCY_OFF, /**< emergency calls are not switched on for
	                         *   the domain or account    -> 13224   */
	RESOLVED_NO_EMERGENCY_CARRIER /**< no carrier takes them -> 13224 */
};

/** Where one INVITE may go */
struct target {
	const char *uri;       /**< Request-URI, complete                     */
	const char *to;        /**< To URI; "" = as uri                       */
	const char *from_host; /**< host of the From URI                      */
	const char *const *routes; /**< Route values in order                 */
	size_t n_routes;
	const char *username; /**< digest credentials; "" = none             */
	const char *password; /**< never logged, never saved                 */
	const char *carrier; /**< BY… or ""                                 */
	const char *source_ip; /**< RTP may also come from here; "" = none    */
	bool any_media_source; /**< setting of the carrier                    */
	bool own_number;       /**< loops back into us: depth is counted      */
};

/** Why a recording ended: values of the proto */
enum ended_by { ENDED_STOPPED, ENDED_SILENCE, ENDED_LENGTH, ENDED_FAILED };

/** One leg at the media-relay, as SessionState tells it */
struct media_port {
	const char *sid; /**< CallSid */
	const char *ip;
	uint16_t port;
	uint16_t rtcp_port; /**< 0 = port + 1 */
};

struct call_change;
struct record_change;

struct event {
	enum event_type type;
	uint64_t now_ms; /**< wall clock, since 1970; in every event          */
	unsigned leg;    /**< of EV_LEG_* and leg timers                      */

	enum timer_id timer;

	const char *url;          /**< EV_DOCUMENT: after redirects           */
	const char *content_type; /**< lower case, without parameters         */
	const char *body;
	size_t body_len;
	uint32_t error_code; /**< EV_FETCH_FAILED: 11200 …; EV_LEG_FAILED:
	                      *   what an edge of ours says, 0 = nothing    */
	const char *text;    /**< EV_FETCH_FAILED: a sentence            */
	uint64_t fetch_id;   /**< of the CMD_FETCH that it answers       */

	const char *child; /**< EV_RESOLVED: sid of the CMD_RESOLVE    */
	enum resolution resolution;
	bool caller_owned;  /**< its caller is a number of the account  */
	const char *caller; /**< is shown in the place of its; "" = its own */
	const struct target *targets;
	size_t n_targets;

	unsigned status; /**< SIP status                             */
	const char *tag; /**< remote tag; "" in a response without   */
	const char *sdp; /**< NULL = no body                         */
	size_t sdp_len;
	const struct pair *headers; /**< X-* and User-to-User                 */
	size_t n_headers;
	const char *const *contacts; /**< of a 3xx, URIs                      */
	size_t n_contacts;
	enum sip_method method; /**< EV_LEG_OFFER                           */
	const char *source_ip; /**< … where its phone is; NULL, "": as was  */
	struct session_timer session_timer;

	const char *sid;  /**< media events: CallSid of the leg       */
	uint64_t version; /**< EV_MEDIA_READY                         */
	const struct media_port *ports;
	size_t n_ports;
	char digit; /**< 0-9 * # A-D                            */
	uint64_t play_id;
	unsigned play_index;
	const char
		*id; /**< of the Listen, or RE…: EV_SPEECH* _VOICE _RECORDING*,
	                      *   EV_TRANSCRIBED                            */
	unsigned confidence; /**< 0-1000; 0 = unknown                       */
	bool final;          /**< nothing more comes of that utterance      */
	enum ended_by ended_by;
	uint32_t length_ms; /**< of the recording; 0 = there is none       */

	const struct call_change *change;   /**< EV_CHANGE                 */
	const struct record_change *record; /**< EV_RECORD                 */
};

/* ---- commands -------------------------------------------------------- */

enum command_type {
	CMD_RESPOND, /**< to the INVITE that made the leg               */
	CMD_INVITE,  /**< make a leg                                    */
	CMD_ACK,     /**< of a 2xx, to the dialog with this tag         */
	CMD_CANCEL,
	CMD_BYE,           /**< to the dialog with this tag ("" = the only)   */
	CMD_REINVITE,      /**< reoffer; EV_LEG_REOFFER_* answers             */
	CMD_ANSWER,        /**< to the re-INVITE or UPDATE of EV_LEG_OFFER    */
	CMD_MEDIA,         /**< SessionPut: the session is so                 */
	CMD_MEDIA_RELEASE, /**< SessionRelease                                */
	CMD_FETCH,         /**< ask for a document                            */
	CMD_NOTIFY,        /**< status callback                               */
	CMD_TRANSCRIBE,    /**< a recording to text; EV_TRANSCRIBED answers   */
	CMD_TRANSCRIPTION, /**< write the Transcription resource              */
	CMD_RESOLVE,       /**< where is it? EV_RESOLVED answers              */
	CMD_TIMER_START,   /**< start again when it runs                      */
	CMD_TIMER_STOP,
	CMD_ALERT,  /**< a line in the debugger                        */
	CMD_STATUS, /**< write the Call resource                       */
	CMD_REPLY,  /**< to the API: EV_CHANGE or EV_RECORD            */
	CMD_DETACH, /**< this leg has a call of its own now: fetch it by
	             *   call_take_detached(), step it with EV_DETACHED  */
	CMD_SAVE,   /**< write call_save()                             */
	CMD_END     /**< always the last: forget the call              */
};

/** Response to an INVITE; also of CMD_ANSWER */
/** Why something came to nothing; `code` 0 = for no reason of ours */
struct refusal {
	uint32_t code; /**< 32011 … */
	const char *text;
};

struct cmd_respond {
	unsigned status;
	const char *reason;
	const char *sdp;      /**< NULL = none */
	bool reliable;        /**< 18x with RSeq, Require: 100rel */
	unsigned retry_after; /**< [s]; 0 = header absent */
	struct session_timer session_timer; /**< min_se also in a 422 */
	uint32_t error_code; /**< X-Trestle-Error: code text; 0 = none */
	const char *error_text;
};

struct cmd_invite {
	const char *sid;    /**< CallSid of the child */
	const char *callid; /**< Call-ID, to be used as it is */
	const char *uri;    /**< Request-URI */
	const char *const *routes;
	size_t n_routes;
	const char *from;      /**< URI */
	const char *from_name; /**< display name, unquoted; "" = none */
	const char *to;        /**< URI */
	const struct pair *headers;
	size_t n_headers;
	const char *username; /**< "" = do not answer a challenge */
	const char *password;
	const char *carrier; /**< BY… or "" */
	const char *sdp;
	unsigned max_forwards;
	unsigned
		depth; /**< X-Trestle-Depth, towards own numbers only; 0: not */
	unsigned calls; /**< … that it may lead to, of TREE_MAX */
	struct session_timer session_timer;
};

struct cmd_dialog {         /**< CMD_ACK, CMD_BYE, CMD_CANCEL */
	const char *tag;    /**< remote tag; "" = the only dialog */
	const char *sdp;    /**< of the ACK: answer to a late offer */
	const char *reason; /**< value of a Reason header (RFC 3326) or "" */
};

struct cmd_reinvite {
	const char *sdp;
	struct session_timer session_timer;
};

struct cmd_timer {
	enum timer_id timer;
	uint64_t ms;
};

struct command {
	enum command_type type;
	unsigned leg; /**< 0 = of the whole call */
	union {
		struct cmd_respond respond; /**< CMD_RESPOND, CMD_ANSWER */
		struct cmd_invite invite;
		struct cmd_dialog dialog; /**< CMD_ACK CMD_CANCEL CMD_BYE */
		struct cmd_reinvite reinvite;
		struct cmd_media media; /**< CMD_MEDIA CMD_MEDIA_RELEASE */
		struct cmd_fetch fetch; /**< CMD_FETCH CMD_NOTIFY */
		struct cmd_resolve resolve;
		struct cmd_transcribe transcribe;
		struct cmd_transcription transcription;
		struct cmd_timer timer;
		struct cmd_alert alert;
		struct cmd_status status;
		struct cmd_reply reply;
	};
};

/** The commands of one step. Large: keep one in struct app. */
struct commands {
	size_t n;
	bool failed;        /**< memory or space ran out in this step */
	struct arena arena; /**< owns the strings */
	struct command v[COMMANDS_MAX];
};

void commands_init(struct commands *out);
void commands_reset(struct commands *out); /**< empty; call_step() does it */
void commands_close(struct commands *out);

/** Append a command, zeroed but for type and leg. Never NULL: when the space
 *  is used up @p out fails and the result is a spare element. */
struct command *commands_add(struct commands *out, enum command_type type,
                             unsigned leg);

const char *event_name(enum event_type type);     /**< "LEG_ANSWERED" */
const char *command_name(enum command_type type); /**< "INVITE" */

#endif
