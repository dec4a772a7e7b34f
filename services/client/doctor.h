/*
 * doctor.h - `trestle doctor`: an installation from a phone's view
 *
 *     API ─► SIP over UDP, TCP, TLS ─► a domain for the occasion ─► REGISTER ─►
 *     a call: is the server heard, and does it hear? ─► all of it removed
 */
#ifndef CLIENT_DOCTOR_H
#define CLIENT_DOCTOR_H

struct api;
struct line;
struct strbuf;

/** `trestle doctor [--server HOST[:PORT]]` @return exit status: 0 all is well */
int doctor(struct api *a, const struct line *line, struct strbuf *form);

#endif
