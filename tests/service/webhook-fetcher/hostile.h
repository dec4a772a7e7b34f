/*
 * hostile.h - an application that answers as its URL says, badly mostly
 *
 *     /echo            200, `<Response/>`
 *     /status/503      that status
 *     /type/x/y        200 with that content type
 *     /empty           200 without a body
 *     /slow/300        that many ms, then as /echo
 *     /trickle         a byte each 50 ms, for ever
 *     /large/65537     a body of so many bytes
 *     /endless         chunks without an end
 *     /headers         headers without an end
 *     /redirect/3      so many redirects to here, then as /echo
 *     /to?URL          a redirect (302) to URL
 *     /nowhere         302 without Location
 *     /garbage         not HTTP
 *     /close           nothing
 *     /cut             half a body
 *     /cookie          Set-Cookie: s=1
 *     /basic /digest   401 until asked with Basic or Digest
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stddef.h>
#include <stdint.h>

enum { HOSTILE_TEXT_MAX = 64 * 1024 };

/** Serve on @p address from threads until the program ends. @return the port */
uint16_t hostile_start(const char *address);

unsigned hostile_requests(void);    /**< since hostile_reset() */
unsigned hostile_connections(void); /**< since hostile_reset() */
void hostile_reset(void);

/** Copy the n-th request since hostile_reset(), headers and body; the last
 *  eight are kept. @return its length, 0 = there is none */
size_t hostile_request(unsigned n, char *out, size_t size);

#endif
