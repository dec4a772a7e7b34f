/*
 * credentials.h - the text of one Authorization header that Sofia parsed
 *
 * Of a process that uses Sofia-SIP. sip_header_as_string() is no use here:
 * when the text is longer than 127 bytes it leaves out the last parameter.
 */
#ifndef SIP_CREDENTIALS_H
#define SIP_CREDENTIALS_H

#include <sofia-sip/msg_types.h>
#include <sofia-sip/su_alloc.h>

/** "Digest name=value,…", put together again from its parameters; owned by
 *  @p home. NULL when memory ran out. */
char *sip_credentials_text(su_home_t *home, const msg_auth_t *au);

#endif
